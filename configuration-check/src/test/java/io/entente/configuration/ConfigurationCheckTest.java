package io.entente.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Against keys declared in this module's own test resources, with no JSON library of an application in sight. */
class ConfigurationCheckTest {
    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ConfigurationCheckAutoConfiguration.class));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "entente.server=a:1",
                "entente.at.lock-retry.times=3",
                "entente.at.lockRetry.times=3",
                "entente.at.exclude[0]=x",
                "entente.labels.anything.at.all=x",
                "other.typo=x",
                "ententes.server=x"
            })
    void declared_keys_and_those_of_others_pass(String setting) {
        contexts.withPropertyValues(setting).run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @CsvSource({
        "entente.servr=a:1, entente.server",
        "entente.at.lock-retry.time=1, entente.at.lock-retry.times",
        "entente.at.excludes=x, entente.at.exclude",
        "entente.hint=x, entente.labels"
    })
    void an_unknown_key_stops_the_start_and_names_the_nearest(String setting, String nearest) {
        contexts.withPropertyValues(setting)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(InvalidSetupException.class)
                        .hasMessageContaining(setting.substring(0, setting.indexOf('=')))
                        .hasMessageContaining("Did you mean " + nearest + "?"));
    }

    @Test
    void the_analysis_says_what_to_do() {
        FailureAnalysis analysis =
                new InvalidSetupFailureAnalyzer().analyze(new InvalidSetupException("what is wrong", "what to do"));
        assertThat(analysis.getDescription()).isEqualTo("what is wrong");
        assertThat(analysis.getAction()).isEqualTo("what to do");
    }
}
