package io.entente.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** An application starts with Seata's keys, as it had them before. */
@ExtendWith(OutputCaptureExtension.class)
class SeataAliasesTest {

    @ImportAutoConfiguration(ConfigurationCheckAutoConfiguration.class)
    static class Application {}

    private static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(properties)
                .run();
    }

    private static String meant(String key, String... properties) {
        try (ConfigurableApplicationContext context = start(properties)) {
            return context.getEnvironment().getProperty(key);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "seata.application-id=shop, entente.application-id, shop",
        "seata.applicationId=shop, entente.application-id, shop",
        "seata.tx-service-group=orders, entente.transaction-group, orders",
        "seata.client.tm.default-global-transaction-timeout=5000, entente.default-timeout, 5000ms",
        "seata.client.tm.defaultGlobalTransactionTimeout=5000, entente.default-timeout, 5000ms",
        "seata.client.rm.lock.retry-interval=20, entente.at.lock-wait, 600ms",
        "seata.client.rm.lock.retry-times=100, entente.at.lock-wait, 1000ms",
        "seata.client.rm.lock.retry-times=-1, entente.at.lock-wait, 0ms",
        "seata.enable-auto-data-source-proxy=false, entente.at.enabled, false",
        "seata.data-source-proxy-mode=XA, entente.xa.data-sources, *",
        "seata.client.undo.compress.threshold=64k, entente.at.undo-log.compress-from, 64KB",
        "seata.transport.rpc-rm-request-timeout=20000, entente.request-timeout, 20000ms",
        "seata.tcc.fence.log-table-name=fence, entente.tcc.fence.table, fence"
    })
    void a_key_of_seatas_is_read_as_ours(String setting, String key, String value, CapturedOutput output) {
        assertThat(meant(key, setting)).isEqualTo(value);
        assertThat(output).containsPattern("read as Entente's:\\s+seata\\..* is \\Q" + key + "=" + value + "\\E");
    }

    @Test
    void the_group_leads_to_its_cluster_and_that_to_its_servers(CapturedOutput output) {
        assertThat(meant(
                        "entente.server",
                        "seata.tx-service-group=orders_tx",
                        "seata.service.vgroup-mapping.orders_tx=east",
                        "seata.service.vgroup-mapping.other=west",
                        "seata.service.grouplist.east=tc1:8091;tc2:8091",
                        "seata.service.grouplist.west=tc9:8091"))
                .isEqualTo("tc1:8091,tc2:8091");
        assertThat(output)
                .contains("seata.service.grouplist.east=tc1:8091;tc2:8091 is entente.server=tc1:8091,tc2:8091")
                .contains("are not those of orders_tx");
    }

    @Test
    void without_a_mapping_the_cluster_is_the_default_one() {
        assertThat(meant("entente.server", "seata.service.grouplist.default=127.0.0.1:8091"))
                .isEqualTo("127.0.0.1:8091");
    }

    @Test
    void a_group_that_leads_nowhere_is_told(CapturedOutput output) {
        assertThat(meant("entente.server", "seata.service.vgroup-mapping.default_tx_group=east"))
                .isNull();
        assertThat(output).contains("seata.service.grouplist.east, which is not set: set entente.server");
    }

    @Test
    void lists_are_not_read_beside_a_registry(CapturedOutput output) {
        assertThat(meant(
                        "entente.server",
                        "seata.registry.type=nacos",
                        "seata.registry.nacos.server-addr=n:8848",
                        "seata.service.grouplist.default=127.0.0.1:8091"))
                .isNull();
        assertThat(output)
                .contains("seata.registry.type=nacos: list the coordinators in entente.server")
                .contains("seata.registry.nacos.server-addr: list the coordinators in entente.server");
    }

    @Test
    void our_own_keys_win_and_what_says_otherwise_is_told(CapturedOutput output) {
        assertThat(meant("entente.application-id", "entente.application-id=ours", "seata.application-id=theirs"))
                .isEqualTo("ours");
        assertThat(output)
                .contains("seata.application-id=theirs: entente.application-id=ours wins over it; remove one of them");
    }

    @Test
    void two_keys_of_seatas_that_say_different_things_are_told(CapturedOutput output) {
        assertThat(meant(
                        "entente.request-timeout",
                        "seata.transport.rpc-rm-request-timeout=15000",
                        "seata.transport.rpc-tm-request-timeout=30000"))
                .isEqualTo("15000ms");
        assertThat(output)
                .contains("rpc-tm-request-timeout=30000: entente.request-timeout is 15000ms already, by"
                        + " seata.transport.rpc-rm-request-timeout=15000");
    }

    @ParameterizedTest
    @CsvSource({
        "seata.client.tm.degrade-check=true, never runs outside of a global transaction",
        "seata.client.undo.data-validation=false, always compared",
        "seata.config.type=nacos, configuration centre",
        "seata.secret-key=s3cret, entente.token",
        "seata.excludes-for-auto-proxying=a.B, entente.at.exclude",
        "seata.saga.state-machine.enable-async=true, docs/saga.md",
        "seata.wholly-unknown=1, it is not known; remove it"
    })
    void a_key_without_a_counterpart_is_named_with_what_to_do(String setting, String remedy, CapturedOutput output) {
        start(setting).close();
        assertThat(output)
                .contains("without effect", setting.substring(0, setting.indexOf('=')) + ": ", remedy)
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seata.enabled=false",
                "seata.service.disable-global-transaction=true",
                "seata.client.undo.log-table=my_undo_log",
                "seata.client.rm.lock.retry-times=often"
            })
    void what_must_not_be_without_effect_stops_the_start(String setting) {
        assertThatThrownBy(() -> start(setting))
                .isInstanceOf(InvalidSetupException.class)
                .hasMessageContaining(setting);
    }

    @Test
    void what_is_the_default_here_is_told_so(CapturedOutput output) {
        start("seata.enabled=true", "seata.data-source-proxy-mode=AT", "seata.client.undo.log-table=undo_log")
                .close();
        assertThat(output)
                .contains(
                        "seata.enabled=true is so without a setting",
                        "seata.data-source-proxy-mode=AT is so without a setting",
                        "seata.client.undo.log-table=undo_log is so without a setting");
    }

    @Test
    void what_a_missing_module_would_read_is_told(CapturedOutput output) {
        start("seata.client.rm.table-meta-checker-interval=1").close();
        assertThat(output)
                .contains("it means entente.at.metadata-lifetime, of which no module on the class path knows");
    }

    @Test
    void nothing_is_said_where_there_is_nothing_of_seatas(CapturedOutput output) {
        start("entente.application-id=ours").close();
        assertThat(output).doesNotContain("Seata");
    }

    @Test
    void the_configuration_metadata_lists_each_alias() throws IOException {
        String metadata = Files.readString(
                Path.of("src/main/resources/META-INF/spring-configuration-metadata.json"), StandardCharsets.UTF_8);
        List<String> keys = Stream.concat(
                        SeataKeys.ALIASES.stream().map(SeataKeys.Alias::seata), SeataKeys.COMPOSED.stream())
                .toList();
        assertThat(keys).allSatisfy(key -> assertThat(metadata).contains("\"name\": \"" + key + "\""));
        assertThat(SeataKeys.ALIASES)
                .allSatisfy(alias -> assertThat(metadata).contains("\"replacement\": \"" + alias.entente() + "\""));
        assertThat(keys)
                .allSatisfy(key ->
                        assertThat(ConfigurationPropertyName.isValid(key)).isTrue());
    }
}
