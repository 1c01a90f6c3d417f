package io.entente.tm.spring.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.configuration.InvalidSetupException;
import io.entente.tm.saga.Compensable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What wrong declarations say, and that right ones say nothing. */
class CompensableMethodsTest {

    private static List<CompensableMethod> read(Class<?> type) {
        return new CompensableMethods().of(type);
    }

    private static void refused(Class<?> type, String message, String action) {
        assertThatThrownBy(() -> read(type)).isInstanceOfSatisfying(InvalidSetupException.class, e -> {
            assertThat(e).hasMessageContaining("@Compensable on " + type.getSimpleName());
            assertThat(e).hasMessageContaining(message);
            assertThat(e.action()).contains(action);
        });
    }

    static class Right {
        @Compensable(compensationMethod = "release")
        public String reserve(String city, List<Integer> nights) {
            return city;
        }

        public void release(String city, List<Integer> nights, String reserved) {}

        @Compensable(name = "send", compensationMethod = "recall", fenced = false)
        void send(String letter) {}

        void recall(String letter) {}
    }

    @Test
    void right_ones_are_read() {
        assertThat(read(Right.class)).hasSize(2).anySatisfy(method -> {
            assertThat(method.name()).isEqualTo("Right.reserve");
            assertThat(method.resultType()).isEqualTo(String.class);
            assertThat(method.fenced()).isTrue();
        });
        assertThat(read(Right.class)).anySatisfy(method -> {
            assertThat(method.name()).isEqualTo("send");
            assertThat(method.resultType()).isNull();
            assertThat(method.fenced()).isFalse();
        });
        assertThat(read(String.class)).isEmpty();
    }

    static class Missing {
        @Compensable(compensationMethod = "release")
        public String reserve(String city, List<Integer> nights) {
            return city;
        }
    }

    static class WrongTypes {
        @Compensable(compensationMethod = "release")
        public void reserve(String city) {}

        public void release(int city) {}
    }

    static class Two {
        @Compensable(compensationMethod = "release")
        public String reserve(String city) {
            return city;
        }

        public void release(String city) {}

        public void release(String city, String reserved) {}
    }

    static class Circle {
        @Compensable(compensationMethod = "release")
        public void reserve(String city) {}

        @Compensable(compensationMethod = "reserve")
        public void release(String city) {}
    }

    static class OutOfReach {
        @Compensable(compensationMethod = "release")
        public void reserve(String city) {}

        private void release(String city) {
            throw new IllegalStateException(city);
        }
    }

    static class Later {
        @Compensable(compensationMethod = "release")
        public CompletableFuture<String> reserve(String city) {
            return CompletableFuture.completedFuture(city);
        }

        public void release(String city) {}
    }

    static class Comma {
        @Compensable(name = "a,b", compensationMethod = "release")
        public void reserve(String city) {}

        public void release(String city) {}
    }

    @Test
    void wrong_ones_are_refused_and_shown_how_they_are_right() {
        refused(
                Missing.class,
                "there is no other method 'release' in Missing",
                "public void release(String city, List<Integer> nights)\n    public void release(String city,"
                        + " List<Integer> nights, String result)");
        refused(
                WrongTypes.class,
                "there is only release(int city)",
                "Expected:\n\n    public void release(String city)");
        refused(Two.class, "has two compensations", "Keep one");
        refused(Circle.class, "has the annotation itself", "only on the step");
        refused(OutOfReach.class, "its compensation 'release' is private", "public void release(String city)");
        refused(Later.class, "returns a CompletableFuture", "when the work is done");
        refused(Comma.class, "has the name 'a,b'", "short name");
    }
}
