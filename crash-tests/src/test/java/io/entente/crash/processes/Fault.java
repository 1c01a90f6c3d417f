package io.entente.crash.processes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What can happen to the processes and to the lines between them. All of it is over with {@link Landscape#heal}. */
enum Fault {
    LEADER_KILLED(Whom.LEADER, Fault::kill),
    FOLLOWER_KILLED(Whom.FOLLOWER, Fault::kill),
    SERVICE_KILLED(Whom.SERVICE, Fault::kill),
    /** There is no majority until they are back. */
    TWO_MEMBERS_KILLED(Whom.MEMBERS, Fault::killTwo),

    LEADER_ASLEEP(Whom.LEADER, Fault::sleep),
    FOLLOWER_ASLEEP(Whom.FOLLOWER, Fault::sleep),
    SERVICE_ASLEEP(Whom.SERVICE, Fault::sleep),

    LEADER_CUT_OFF(Whom.LEADER, (deed, leader) -> deed.cut(leader, deed.all(), true, true)),
    /** Clients still reach it, and it takes itself for the leader for a while. */
    LEADER_CUT_OFF_FROM_MEMBERS(Whom.LEADER, (deed, leader) -> deed.cut(leader, deed.members(), true, true)),
    LEADER_NOT_HEARD(Whom.LEADER, (deed, leader) -> deed.cut(leader, deed.members(), true, false)),
    LEADER_HEARS_NOTHING(Whom.LEADER, (deed, leader) -> deed.cut(leader, deed.members(), false, true)),
    FOLLOWER_NOT_HEARD(Whom.FOLLOWER, (deed, follower) -> deed.cut(follower, deed.members(), true, false)),
    FOLLOWER_HEARS_NOTHING(Whom.FOLLOWER, (deed, follower) -> deed.cut(follower, deed.members(), false, true)),
    SERVICE_CUT_OFF(Whom.SERVICE, (deed, service) -> deed.cut(service, deed.all(), true, true)),
    SERVICE_NOT_HEARD(Whom.SERVICE, (deed, service) -> deed.cut(service, deed.members(), true, false)),
    SERVICE_HEARS_NOTHING(Whom.SERVICE, (deed, service) -> deed.cut(service, deed.members(), false, true)),

    LEADERS_DISK_FULL(Whom.LEADER, Fault::fillDisk),
    FOLLOWERS_DISK_FULL(Whom.FOLLOWER, Fault::fillDisk),

    LEAD_PASSED_ON(Whom.LEADER, Fault::passLead),
    ROLLING_RESTART(Whom.MEMBERS, Fault::restartRolling),
    ALL_MEMBERS_RESTARTED(Whom.MEMBERS, Fault::restartAll);

    private enum Whom {
        LEADER,
        FOLLOWER,
        SERVICE,
        MEMBERS
    }

    private interface Way {
        /** @return what was done, as far as it is not told by whom it was done to */
        String strike(Deed deed, String name) throws IOException, InterruptedException;
    }

    /** What a fault works with. */
    private record Deed(Landscape landscape, ClusterApi api, Random chance) {
        List<String> members() {
            return landscape.members();
        }

        List<String> all() {
            List<String> all = new ArrayList<>(landscape.members());
            all.addAll(landscape.services());
            return all;
        }

        String anyOf(List<String> names) {
            return names.get(chance.nextInt(names.size()));
        }

        List<String> shuffled() {
            List<String> shuffled = new ArrayList<>(members());
            Collections.shuffle(shuffled, chance);
            return shuffled;
        }

        List<String> membersBut(String member) {
            return members().stream().filter(other -> !other.equals(member)).toList();
        }

        String cut(String name, List<String> others, boolean speaking, boolean hearing) {
            for (String other : others) {
                if (!other.equals(name)) {
                    if (speaking) {
                        landscape.network().hold(name, other);
                    }
                    if (hearing) {
                        landscape.network().hold(other, name);
                    }
                }
            }
            return "";
        }

        String find(Whom whom) {
            // Any member when nobody leads, as it may be when another fault is there already.
            String instead = anyOf(members());
            String leader = whom == Whom.LEADER || whom == Whom.FOLLOWER ? api.leaderSoon() : null;
            return switch (whom) {
                case LEADER -> leader == null ? instead : leader;
                case FOLLOWER -> anyOf(membersBut(leader == null ? instead : leader));
                case SERVICE -> anyOf(landscape.services());
                case MEMBERS -> "";
            };
        }
    }

    private final Whom whom;
    private final Way way;

    Fault(Whom whom, Way way) {
        this.whom = whom;
        this.way = way;
    }

    /** @return to whom what was done */
    String strike(Landscape landscape, ClusterApi api, Random chance) throws IOException, InterruptedException {
        Deed deed = new Deed(landscape, api, chance);
        String name = deed.find(whom);
        return (name + " " + way.strike(deed, name)).trim();
    }

    /** Whether another fault may be there at the same time. */
    boolean goesWithAnother() {
        return this != ALL_MEMBERS_RESTARTED && this != ROLLING_RESTART;
    }

    private static String kill(Deed deed, String name) throws InterruptedException {
        deed.landscape.node(name).kill();
        return "";
    }

    private static String killTwo(Deed deed, String nobody) throws InterruptedException {
        List<String> two = deed.shuffled().subList(0, 2);
        for (String member : two) {
            kill(deed, member);
        }
        return String.valueOf(two);
    }

    private static String sleep(Deed deed, String name) throws IOException, InterruptedException {
        deed.landscape.node(name).fallAsleep();
        return "";
    }

    private static String fillDisk(Deed deed, String member) throws IOException, InterruptedException {
        // Either nothing is written any more, or what is appended to files that have grown.
        long bytes = deed.chance.nextBoolean() ? 0 : 1L << (10 + deed.chance.nextInt(10));
        deed.landscape.node(member).limitFiles(bytes);
        return "files end at " + bytes + " bytes";
    }

    private static String passLead(Deed deed, String leader) {
        String next = deed.anyOf(deed.membersBut(leader));
        return "to " + next + (deed.api.passLead(leader, next) ? "" : ", which was refused");
    }

    private static String restartRolling(Deed deed, String nobody) throws IOException, InterruptedException {
        List<String> order = deed.shuffled();
        for (String member : order) {
            deed.landscape.node(member).endInOrder();
            deed.landscape.node(member).start();
            deed.api.awaitAllReachable();
        }
        return String.valueOf(order);
    }

    private static String restartAll(Deed deed, String nobody) throws IOException, InterruptedException {
        List<String> down = deed.shuffled();
        List<String> up = deed.shuffled();
        for (String member : down) {
            deed.landscape.node(member).kill();
        }
        for (String member : up) {
            deed.landscape.node(member).start();
        }
        return "killed " + down + ", started " + up;
    }
}
