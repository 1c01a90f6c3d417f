package io.entente.rm.undo.seata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class CompressedTest {

    @Test
    void what_grows_without_end_is_not_held_in_memory() throws IOException, SeataRowException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(new byte[100_000]);
        }
        byte[] content = compressed.toByteArray();
        assertThat(Compressed.open("GZIP", content, 100_000)).hasSize(100_000);
        assertThatThrownBy(() -> Compressed.open("GZIP", content, 99_999))
                .isInstanceOf(SeataRowException.class)
                .hasMessageContaining("take more than 99999");
    }
}
