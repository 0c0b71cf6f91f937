// SPDX-License-Identifier: Apache-2.0
package org.flowtally.decodev9;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.flowtally.api.decode.ExporterStatus;
import org.flowtally.api.decode.InterfaceStatus;
import org.flowtally.api.flow.Quality;
import org.flowtally.itests.contract.Collecting;
import org.flowtally.itests.contract.DecodedRow;
import org.flowtally.itests.contract.MessageBuilder;
import org.flowtally.itests.contract.MessageBuilder.Data;
import org.flowtally.lib.template.TemplateFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options that hold beyond the datagram they came in: for other domains of a router, and for its interfaces. */
class DomainsTest {
    private static final int OPTIONS = 256;
    private static final int FLOW = 260;
    private static final int SYSTEM = 1;
    private static final int LINE_CARD = 3;

    @TempDir
    private Path folder;

    private final Collecting collecting = new Collecting(new NetflowV9());

    @Test
    void findsASamplerThatWasToldUnderAnotherDomain() {
        sampler(0, 7, 100);

        sampledFlow(256, 7);

        assertThat(collecting.rows()).extracting(DecodedRow::samplingRate).containsExactly(100);
        assertThat(collecting.exporters().statuses())
                .filteredOn(each -> each.exporter().domain() == 256)
                .extracting(ExporterStatus::samplingOrigin)
                .containsExactly("other-domain");
    }

    @Test
    void prefersWhatItsOwnDomainTold() {
        sampler(0, 7, 100);
        sampler(256, 7, 10);

        sampledFlow(256, 7);

        assertThat(collecting.rows()).extracting(DecodedRow::samplingRate).containsExactly(10);
    }

    @Test
    void takesNoRateThatDomainsTellDifferentlyUntilTheyAgree() {
        sampler(0, 7, 100);
        sampler(1, 7, 1000);
        sampledFlow(256, 7);
        sampler(1, 7, 100);
        sampledFlow(256, 7);

        assertThat(collecting.rows()).extracting(DecodedRow::samplingRate).containsExactly(1, 100);
        assertThat(collecting.rows().get(0).quality()).isEqualTo(Quality.RATE_UNKNOWN);
    }

    @Test
    void takesNoRateOfAnotherExporter() {
        sampler(0, 7, 100);

        collecting.from("192.0.2.2");
        sampledFlow(256, 7);

        assertThat(collecting.rows().get(0).quality()).isEqualTo(Quality.RATE_UNKNOWN);
    }

    @Test
    void takesARateOfTheWholeSystemForEveryDomainButNotOneOfALineCard() {
        commonRate(0, LINE_CARD, 50);
        flow(256, 9);
        commonRate(1, SYSTEM, 2000);
        flow(256, 9);

        assertThat(collecting.rows()).extracting(DecodedRow::samplingRate).containsExactly(1, 2000);
    }

    @Test
    void takesNoRateOfTheWholeSystemThatDomainsTellDifferently() {
        commonRate(0, SYSTEM, 100);
        commonRate(1, SYSTEM, 2000);
        flow(256, 9);

        assertThat(collecting.rows()).extracting(DecodedRow::samplingRate).containsExactly(1);
        assertThat(collecting.rows().get(0).quality()).isEqualTo(Quality.RATE_UNKNOWN);
    }

    @Test
    void takesTheRateOfAnInterfaceThatAnotherDomainTold() {
        receive(MessageBuilder.v9()
                .domain(0)
                .options(OPTIONS, 1, 2, 4, 34, 4)
                .data(OPTIONS, record -> record.u32(9).u32(500)));

        flow(256, 9);
        flow(256, 8);

        assertThat(collecting.rows()).extracting(DecodedRow::samplingRate).containsExactly(500, 1);
    }

    @Test
    void remembersNamesOfInterfaces() {
        receive(MessageBuilder.v9()
                .options(OPTIONS, 1, SYSTEM, 4, 10, 4, 82, 16, 83, 24)
                .data(
                        OPTIONS,
                        record -> record.u32(0)
                                .u32(9)
                                .octets(padded("Gi0/0/1", 16))
                                .octets(padded("customers \u010desk\u00fd", 24)))
                .data(
                        OPTIONS,
                        record -> record.u32(0)
                                .u32(10)
                                .octets(padded("Te\u001b[2J", 16))
                                .octets(new byte[24])));

        assertThat(collecting.exporters().interfaces())
                .extracting(InterfaceStatus::index, InterfaceStatus::name, InterfaceStatus::description)
                .containsExactlyInAnyOrder(tuple(9L, "Gi0/0/1", "customers \u010desk\u00fd"), tuple(10L, "Te?[2J", ""));
    }

    @Test
    void takesTheScopeForTheInterfaceAndTheLatestName() {
        for (String name : new String[] {"eth0", "wan"}) {
            receive(MessageBuilder.v9()
                    .options(OPTIONS, 1, 2, 4, 82, 8)
                    .data(OPTIONS, record -> record.u32(3).octets(padded(name, 8))));
        }

        assertThat(collecting.exporters().interfaces())
                .extracting(InterfaceStatus::index, InterfaceStatus::name)
                .containsExactly(tuple(3L, "wan"));
    }

    @Test
    void remembersSoManyInterfacesAndNoMore() {
        MessageBuilder message = MessageBuilder.v9().options(OPTIONS, 1, 2, 4, 82, 4);
        Data records = new Data();
        for (int index = 0; index < 5000; index++) {
            records.u32(index).octets(padded("i" + index % 100, 4));
        }
        receive(message.set(OPTIONS, records.toOctets()));
        long before = collecting.space().octets();

        receive(message);

        assertThat(collecting.exporters().interfaces()).hasSize(4096);
        assertThat(collecting.space().octets())
                .as("the same again takes no room")
                .isEqualTo(before);
    }

    @Test
    void keepsNamesAndRatesOfOtherDomainsOnDisk() throws IOException {
        sampler(0, 7, 100);
        receive(MessageBuilder.v9()
                .domain(0)
                .options(OPTIONS + 1, 1, 2, 4, 82, 8)
                .data(OPTIONS + 1, record -> record.u32(3).octets(padded("wan", 8))));
        TemplateFile file = new TemplateFile(folder.resolve("templates.bin"));
        file.write(collecting.exporters().remembered());

        Collecting next = new Collecting(new NetflowV9());
        next.exporters().restore(file.read());
        next.receive(MessageBuilder.v9().domain(0).toOctets());
        next.receive(sampled(256, 7).toOctets());

        assertThat(next.rows()).extracting(DecodedRow::samplingRate).containsExactly(100);
        assertThat(next.exporters().interfaces())
                .extracting(InterfaceStatus::name)
                .containsExactly("wan");
    }

    private void receive(MessageBuilder message) {
        collecting.receive(message.toOctets());
    }

    private void sampler(long domain, int id, int rate) {
        receive(MessageBuilder.v9()
                .domain(domain)
                .options(OPTIONS, 1, SYSTEM, 4, 48, 1, 50, 4)
                .data(OPTIONS, record -> record.u32(0).u8(id).u32(rate)));
    }

    private void commonRate(long domain, int scope, int rate) {
        receive(MessageBuilder.v9()
                .domain(domain)
                .options(OPTIONS, 1, scope, 4, 34, 4)
                .data(OPTIONS, record -> record.u32(0).u32(rate)));
    }

    private void sampledFlow(long domain, int sampler) {
        receive(sampled(domain, sampler));
    }

    private static MessageBuilder sampled(long domain, int sampler) {
        Consumer<Data> filling = record -> record.u32(1).u32(2).u32(3).u8(sampler);
        return MessageBuilder.v9()
                .domain(domain)
                .template(FLOW, 8, 4, 12, 4, 1, 4, 48, 1)
                .data(FLOW, filling);
    }

    private void flow(long domain, int input) {
        receive(MessageBuilder.v9()
                .domain(domain)
                .template(FLOW, 8, 4, 12, 4, 1, 4, 10, 4)
                .data(FLOW, record -> record.u32(1).u32(2).u32(3).u32(input)));
    }

    private static byte[] padded(String text, int octets) {
        return Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), octets);
    }
}
