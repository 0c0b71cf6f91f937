// SPDX-License-Identifier: Apache-2.0
package org.flowtally.lib.template;

import java.util.ArrayList;
import java.util.List;
import org.flowtally.api.datagram.Octets;
import org.flowtally.api.flow.FlowBatch;

/**
 * A step of a program over many records of fixed length, which takes up to five fields at once for columns that lie in one
 * word or are written together.
 *
 * <p>A field of up to eight octets is read as the last octets of a word that ends with it, and what stands before it is masked
 * away: one loop serves every length. So eight octets before the first record are read as well; they must be there.
 */
final class BlockStep {
    /** How many octets must be there before the first record. */
    static final int LEAD = Long.BYTES;

    private static final long U32 = 0xFFFF_FFFFL;
    private static final int U16 = 0xFFFF;
    private static final int U8 = 0xFF;
    private static final int ICMP_FOR_IPV4 = 1;
    private static final int ICMP_FOR_IPV6 = 58;
    private static final Operation NOTHING = new Operation(Column.PROTOCOL, Operation.NO_FIELD, 0, 0, false);

    private final Target target;
    private final int first;
    private final long firstMask;
    private final int second;
    private final long secondMask;
    private final int third;
    private final long thirdMask;
    private final int fourth;
    private final long fourthMask;
    private final int fifth;
    private final long fifthMask;

    /** What a step writes, and which operations it stands for. */
    @SuppressWarnings("ImmutableEnumChecker") // Nobody else sees the array.
    private enum Target {
        ADDRESSES(Column.SOURCE_IPV4, Column.DESTINATION_IPV4),
        COUNTERS(Column.OCTETS, Column.PACKETS),
        UPTIMES(Column.START_UPTIME, Column.END_UPTIME),
        MILLIS(Column.START_MILLIS, Column.END_MILLIS),
        INTERFACES(Column.INPUT_INTERFACE, Column.OUTPUT_INTERFACE),
        AUTONOMOUS_SYSTEMS(Column.SOURCE_AS, Column.DESTINATION_AS),
        PREFIX_LENGTHS(Column.SOURCE_LENGTH, Column.DESTINATION_LENGTH),
        NEXT_HOP(Column.NEXT_HOP_IPV4),
        DIRECTION(Column.DIRECTION),
        /** Those that are missing become 0. */
        TRANSPORT(
                Column.SOURCE_PORT, Column.DESTINATION_PORT, Column.TCP_FLAGS, Column.PROTOCOL, Column.TYPE_OF_SERVICE);

        private static final Target[] ALL = values();

        private final Column[] columns;

        Target(Column... columns) {
            this.columns = columns;
        }
    }

    private BlockStep(Target target, List<Operation> operations) {
        this.target = target;
        first = wordOf(operations, 0);
        firstMask = maskOf(operations, 0);
        second = wordOf(operations, 1);
        secondMask = maskOf(operations, 1);
        third = wordOf(operations, 2);
        thirdMask = maskOf(operations, 2);
        fourth = wordOf(operations, 3);
        fourthMask = maskOf(operations, 3);
        fifth = wordOf(operations, 4);
        fifthMask = maskOf(operations, 4);
    }

    /** Takes the operations that steps can stand for out of a list and returns the steps; they go before what is left. */
    @SuppressWarnings("ReferenceEquality") // Only one operation stands for none.
    static BlockStep[] takeFrom(List<Operation> operations) {
        List<BlockStep> steps = new ArrayList<>();
        for (Target target : Target.ALL) {
            List<Operation> taken = new ArrayList<>();
            boolean isAny = false;
            boolean isWhole = true;
            for (Column column : target.columns) {
                Operation operation = find(operations, column);
                taken.add(operation);
                isAny |= operation != NOTHING;
                isWhole &= operation != NOTHING;
            }
            if (isWhole || (isAny && target == Target.TRANSPORT)) {
                steps.add(new BlockStep(target, taken));
                operations.removeAll(taken);
            }
        }
        return steps.toArray(new BlockStep[0]);
    }

    private static Operation find(List<Operation> operations, Column column) {
        for (Operation each : operations) {
            if (each.column() == column && !each.isSecond() && each.width() <= Long.BYTES) {
                return each;
            }
        }
        return NOTHING;
    }

    private static Operation get(List<Operation> operations, int index) {
        return index < operations.size() ? operations.get(index) : NOTHING;
    }

    private static int wordOf(List<Operation> operations, int index) {
        Operation operation = get(operations, index);
        return operation.offset() + operation.width() - Long.BYTES;
    }

    private static long maskOf(List<Operation> operations, int index) {
        int octets = get(operations, index).width();
        return octets == 0 ? 0 : -1L >>> (Long.SIZE - octets * Byte.SIZE);
    }

    /**
     * Fills its columns.
     *
     * @return whether a row is of ICMP, as far as this step knows
     */
    boolean fill(byte[] octets, int at, int stride, int records, FlowBatch flows, int row) {
        switch (target) {
            case ADDRESSES -> {
                for (int index = 0; index < records; index++) {
                    int record = at + index * stride;
                    flows.ipv4Addresses(row + index, first(octets, record), second(octets, record));
                }
            }
            case COUNTERS -> {
                for (int index = 0; index < records; index++) {
                    int record = at + index * stride;
                    flows.octets(row + index, first(octets, record));
                    flows.packets(row + index, second(octets, record));
                }
            }
            case UPTIMES -> {
                for (int index = 0; index < records; index++) {
                    int record = at + index * stride;
                    long start = first(octets, record) & U32;
                    flows.observedTimes(row + index, start, second(octets, record) & U32);
                }
            }
            case MILLIS -> {
                for (int index = 0; index < records; index++) {
                    int record = at + index * stride;
                    flows.observedTimes(row + index, first(octets, record), second(octets, record));
                }
            }
            case INTERFACES -> {
                for (int index = 0; index < records; index++) {
                    int record = at + index * stride;
                    flows.interfaces(row + index, (int) first(octets, record), (int) second(octets, record));
                }
            }
            case AUTONOMOUS_SYSTEMS -> {
                for (int index = 0; index < records; index++) {
                    int record = at + index * stride;
                    flows.autonomousSystems(row + index, (int) first(octets, record), (int) second(octets, record));
                }
            }
            case PREFIX_LENGTHS -> {
                for (int index = 0; index < records; index++) {
                    int record = at + index * stride;
                    flows.prefixLengths(row + index, (int) first(octets, record), (int) second(octets, record));
                }
            }
            case NEXT_HOP -> {
                for (int index = 0; index < records; index++) {
                    flows.nextHopIpv4(row + index, first(octets, at + index * stride));
                }
            }
            case DIRECTION -> {
                for (int index = 0; index < records; index++) {
                    flows.direction(row + index, (int) first(octets, at + index * stride));
                }
            }
            case TRANSPORT -> {
                return transport(octets, at, stride, records, flows, row);
            }
        }
        return false;
    }

    private boolean transport(byte[] octets, int at, int stride, int records, FlowBatch flows, int row) {
        long sourceMask = firstMask & U16;
        long destinationMask = secondMask & U16;
        long flagsMask = thirdMask & U16;
        long protocolMask = fourthMask & U8;
        long typeOfServiceMask = fifthMask & U8;
        boolean isIcmp = false;
        for (int index = 0; index < records; index++) {
            int record = at + index * stride;
            long source = Octets.u64(octets, record + first) & sourceMask;
            long destination = Octets.u64(octets, record + second) & destinationMask;
            long flags = Octets.u64(octets, record + third) & flagsMask;
            long protocol = Octets.u64(octets, record + fourth) & protocolMask;
            long typeOfService = Octets.u64(octets, record + fifth) & typeOfServiceMask;
            long ports = (source << Short.SIZE) | destination;
            flows.transport(
                    row + index,
                    (((ports << Short.SIZE) | flags) << Short.SIZE) | (protocol << Byte.SIZE) | typeOfService);
            isIcmp |= protocol == ICMP_FOR_IPV4 || protocol == ICMP_FOR_IPV6;
        }
        return isIcmp;
    }

    private long first(byte[] octets, int record) {
        return Octets.u64(octets, record + first) & firstMask;
    }

    private long second(byte[] octets, int record) {
        return Octets.u64(octets, record + second) & secondMask;
    }
}
