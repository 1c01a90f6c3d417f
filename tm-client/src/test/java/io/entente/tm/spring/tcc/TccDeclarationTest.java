package io.entente.tm.spring.tcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.configuration.InvalidSetupException;
import io.entente.tm.tcc.TwoPhaseBusinessAction;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What wrong declarations say, and that right ones say nothing. */
class TccDeclarationTest {

    private static List<TccDeclaration> read(Class<?> type) {
        return new TccDeclarations().of(type);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Class<?> type, String message) {
        return assertThatThrownBy(() -> read(type))
                .isInstanceOf(InvalidSetupException.class)
                .hasMessage(message);
    }

    private static String actionOf(Class<?> type) {
        try {
            return "no failure for " + read(type);
        } catch (InvalidSetupException e) {
            return e.action();
        }
    }

    private static final String EXPECTED = """
            Expected, for what the annotation says:

                @TwoPhaseBusinessAction(name = "freeze", commitMethod = "settle", rollbackMethod = "release")
                public String freeze(String account, List<BigDecimal> amounts)

                public void settle(String account, List<BigDecimal> amounts)

                public void release(String account, List<BigDecimal> amounts)""";

    static class Right {
        @TwoPhaseBusinessAction(name = "freeze", commitMethod = "settle", rollbackMethod = "release")
        public String freeze(String account, List<BigDecimal> amounts) {
            return account;
        }

        public boolean settle(String account, List<BigDecimal> amounts) {
            return true;
        }

        public void settle(String account) {}

        void release(String account, List<BigDecimal> amounts) {}
    }

    static class RightToo extends Right {
        @Override
        public String freeze(String account, List<BigDecimal> amounts) {
            return "more";
        }
    }

    interface Generic<T> {
        @TwoPhaseBusinessAction(name = "generic")
        void trial(T argument);

        void commit(T argument);

        void rollback(T argument);
    }

    static class OfText implements Generic<String> {
        @Override
        public void trial(String argument) {}

        @Override
        public void commit(String argument) {}

        @Override
        public void rollback(String argument) {}
    }

    @Test
    void what_is_right_is_taken_as_it_is_written() {
        for (Class<?> type : List.of(Right.class, RightToo.class)) {
            assertThat(read(type)).singleElement().satisfies(declaration -> {
                assertThat(declaration.name()).isEqualTo("freeze");
                assertThat(declaration.fenced()).isTrue();
                assertThat(declaration.commit().getParameterCount()).isEqualTo(2);
                assertThat(declaration.parameters().get(1).name()).isEqualTo("amounts");
                assertThat(declaration.parameters().get(1).type().getTypeName())
                        .isEqualTo("java.util.List<java.math.BigDecimal>");
            });
        }
        assertThat(read(OfText.class))
                .singleElement()
                .satisfies(declaration ->
                        assertThat(declaration.parameters().get(0).type()).isEqualTo(String.class));
        assertThat(read(String.class)).isEmpty();
    }

    static class WithoutConfirm {
        @TwoPhaseBusinessAction(name = "freeze", commitMethod = "settle", rollbackMethod = "release")
        public String freeze(String account, List<BigDecimal> amounts) {
            return account;
        }

        public void release(String account, List<BigDecimal> amounts) {}
    }

    @Test
    void a_missing_method() {
        assertRefused(
                WithoutConfirm.class,
                "@TwoPhaseBusinessAction on WithoutConfirm.freeze has no confirm method: there is no method settle in"
                        + " WithoutConfirm (attribute commitMethod).");
        assertThat(actionOf(WithoutConfirm.class)).isEqualTo(EXPECTED);
    }

    static class WrongTypes {
        @TwoPhaseBusinessAction(name = "freeze", commitMethod = "settle", rollbackMethod = "release")
        public String freeze(String account, List<BigDecimal> amounts) {
            return account;
        }

        public void settle(String account, List<BigDecimal> amounts) {}

        public void release(String account, List<Integer> amounts) {}
    }

    @Test
    void wrong_types() {
        assertRefused(
                WrongTypes.class,
                "@TwoPhaseBusinessAction on WrongTypes.freeze has no cancel method: it must take exactly what the try takes,"
                        + " but there is only public void release(String account, List<Integer> amounts).");
        assertThat(actionOf(WrongTypes.class)).isEqualTo(EXPECTED);
    }

    static class Ambiguous {
        @TwoPhaseBusinessAction(name = "a")
        public void trial(String account) {}

        public void commit(Object account) {}

        public void commit(CharSequence account) {}

        public void rollback(String account) {}
    }

    @Test
    void several_methods_and_none_fits() {
        assertThatThrownBy(() -> read(Ambiguous.class))
                .hasMessageContaining("but each of these takes something else: ")
                .hasMessageContaining("public void commit(Object account)")
                .hasMessageContaining("public void commit(CharSequence account)");
    }

    static class StaticTry {
        @TwoPhaseBusinessAction(name = "a")
        public static void trial(String account) {}

        public void commit(String account) {}

        public void rollback(String account) {}
    }

    static class PrivateTry {
        @TwoPhaseBusinessAction(name = "a")
        private void trial(String account) {}

        public void commit(String account) {}

        public void rollback(String account) {}
    }

    static class FinalConfirm {
        @TwoPhaseBusinessAction(name = "a")
        public void trial(String account) {}

        public final void commit(String account) {}

        public void rollback(String account) {}
    }

    static class PrivateCancel {
        @TwoPhaseBusinessAction(name = "a")
        public void trial(String account) {}

        public void commit(String account) {}

        private void rollback(String account) {}
    }

    @Test
    void methods_out_of_reach() {
        assertRefused(
                StaticTry.class,
                "@TwoPhaseBusinessAction on StaticTry.trial cannot work: the try, public static void trial(String account), is"
                        + " private, static or final, which Spring cannot call through the bean.");
        assertThatThrownBy(() -> read(PrivateTry.class))
                .hasMessageContaining("the try, private void trial(String account)");
        assertThatThrownBy(() -> read(FinalConfirm.class))
                .hasMessageContaining("its confirm method, public final void commit(String account)");
        assertThatThrownBy(() -> read(PrivateCancel.class))
                .hasMessageContaining("its cancel method, private void rollback(String account)");
    }

    static class ConfirmAnnotated {
        @TwoPhaseBusinessAction(name = "a")
        public void trial(String account) {}

        @TwoPhaseBusinessAction(name = "b", commitMethod = "trial")
        public void commit(String account) {}

        public void rollback(String account) {}
    }

    @Test
    void a_confirm_that_is_an_action_itself() {
        assertThatThrownBy(() -> read(ConfirmAnnotated.class))
                .isInstanceOf(InvalidSetupException.class)
                .hasMessageContaining("has the annotation itself");
    }

    static class Future {
        @TwoPhaseBusinessAction(name = "a")
        public CompletableFuture<String> trial(String account) {
            return CompletableFuture.completedFuture(account);
        }

        public void commit(String account) {}

        public void rollback(String account) {}
    }

    static class Publisher {
        @TwoPhaseBusinessAction(name = "a")
        public void trial(String account) {}

        public Mono<Boolean> commit(String account) {
            return Mono.just(true);
        }

        public void rollback(String account) {}
    }

    @Test
    void work_that_goes_on_after_the_return() {
        assertRefused(
                Future.class,
                "@TwoPhaseBusinessAction on Future.trial cannot work: the try, public CompletableFuture<String> trial(String"
                        + " account), returns a CompletableFuture, so that its work goes on when it has returned.");
        assertThatThrownBy(() -> read(Publisher.class))
                .hasMessageContaining("its confirm method")
                .hasMessageContaining("returns a Mono");
    }

    static class Stream {
        @TwoPhaseBusinessAction(name = "a")
        public void trial(InputStream file) {}

        public void commit(InputStream file) {}

        public void rollback(InputStream file) {}
    }

    static class Anything {
        @TwoPhaseBusinessAction(name = "a")
        public void trial(Object thing) {}

        public void commit(Object thing) {}

        public void rollback(Object thing) {}
    }

    static class Code {
        @TwoPhaseBusinessAction(name = "a")
        public void trial(Supplier<String> code) {}

        public void commit(Supplier<String> code) {}

        public void rollback(Supplier<String> code) {}
    }

    @Test
    void arguments_that_cannot_be_kept() {
        assertRefused(
                Stream.class,
                "@TwoPhaseBusinessAction on Stream.trial cannot work: its parameter file of type InputStream is bound to this"
                        + " process, or can be read only once. Arguments are kept at the coordinator as JSON until the"
                        + " transaction is decided.");
        assertThatThrownBy(() -> read(Anything.class))
                .hasMessageContaining("parameter thing of type Object does not say");
        assertThatThrownBy(() -> read(Code.class))
                .hasMessageContaining("parameter code of type Supplier<String> is code");
    }

    interface Annotated {
        @TwoPhaseBusinessAction(name = "of the interface")
        void trial(String account);
    }

    static class AnnotatedOtherwise implements Annotated {
        @Override
        @TwoPhaseBusinessAction(name = "of the class")
        public void trial(String account) {}

        public void commit(String account) {}

        public void rollback(String account) {}
    }

    static class AnnotatedEqually implements Annotated {
        @Override
        @TwoPhaseBusinessAction(name = "of the interface")
        public void trial(String account) {}

        public void commit(String account) {}

        public void rollback(String account) {}
    }

    @Test
    void an_annotation_on_the_interface_and_another_on_the_class() {
        assertThatThrownBy(() -> read(AnnotatedOtherwise.class))
                .isInstanceOf(InvalidSetupException.class)
                .hasMessageContaining("is there twice")
                .hasMessageContaining("of the interface")
                .hasMessageContaining("of the class");
        assertThat(read(AnnotatedEqually.class)).hasSize(1);
    }

    static class OneForBoth {
        @TwoPhaseBusinessAction(name = "a", commitMethod = "end", rollbackMethod = "end")
        public void trial(String account) {}

        public void end(String account) {}
    }

    static class SharedConfirm {
        @TwoPhaseBusinessAction(name = "a", rollbackMethod = "cancelOne")
        public void one(String account) {}

        @TwoPhaseBusinessAction(name = "b", rollbackMethod = "cancelTwo")
        public void two(String account) {}

        public void commit(String account) {}

        public void cancelOne(String account) {}

        public void cancelTwo(String account) {}
    }

    @Test
    void one_method_for_two_purposes() {
        assertRefused(
                OneForBoth.class,
                "@TwoPhaseBusinessAction on OneForBoth.trial cannot work: commitMethod and rollbackMethod are both end.");
        assertThatThrownBy(() -> read(SharedConfirm.class))
                .isInstanceOf(InvalidSetupException.class)
                .hasMessageContaining("share a confirm or cancel method: commit");
    }

    static class BadName {
        @TwoPhaseBusinessAction(name = "a,b")
        public void trial(String account) {}

        public void commit(String account) {}

        public void rollback(String account) {}
    }

    @Test
    void a_name_that_cannot_be_one() {
        assertThatThrownBy(() -> read(BadName.class))
                .hasMessageContaining("has the name 'a,b', which is blank, contains");
    }
}
