package io.entente.crash;

/** How the money is moved. */
enum Mode {
    AT {
        @Override
        Bank start(Site site, String address, Directory directory) throws Exception {
            return new AtBank(site, address);
        }
    },
    TCC {
        @Override
        Bank start(Site site, String address, Directory directory) {
            return new TccBank(site, address);
        }
    },
    SAGA {
        @Override
        Bank start(Site site, String address, Directory directory) {
            return new SagaBank(site, address, directory, false);
        }
    },
    SAGA_FORWARD {
        @Override
        Bank start(Site site, String address, Directory directory) {
            return new SagaBank(site, address, directory, true);
        }
    },
    XA {
        @Override
        Bank start(Site site, String address, Directory directory) throws Exception {
            return new XaBank(site, address);
        }
    },
    MIXED {
        @Override
        Bank start(Site site, String address, Directory directory) throws Exception {
            return new MixedBank(site, address);
        }
    };

    /**
     * Starts one more process of the bank that owns {@code site}.
     *
     * @param directory where it finds the other bank
     */
    abstract Bank start(Site site, String address, Directory directory) throws Exception;
}
