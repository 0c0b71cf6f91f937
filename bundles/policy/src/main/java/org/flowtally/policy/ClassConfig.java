// SPDX-License-Identifier: Apache-2.0
package org.flowtally.policy;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of one traffic class; {@code etc/org.flowtally.class-NAME.cfg}. */
@ObjectClassDefinition(
        name = "Flowtally traffic class",
        description = "Far ends, or hours, whose traffic stands in the usage tables under a name of its own.")
@SuppressWarnings("MemberName") // An underscore stands for the dot of the key.
@interface ClassConfig {
    /** The name of the class. */
    @AttributeDefinition(
            name = "Name",
            description =
                    "What stands in the column traffic_class: 1..32 letters, digits, dots, hyphens, underscores. Empty"
                            + " means the NAME of the file.")
    String name() default "";

    /** The far ends. */
    @AttributeDefinition(
            name = "Subnets",
            description =
                    "The addresses of the far end, as prefixes with commas between. Empty: every address, if there are"
                            + " hours; nothing, if there are none.")
    String[] subnets() default {};

    /** The file with further far ends. */
    @AttributeDefinition(
            name = "Subnets file",
            description =
                    "A file with further subnets, one prefix a line, # for comments; relative to the folder of this"
                            + " file. It is watched: a change is taken up, an error leaves the last good list. Empty: none.")
    String subnets_file() default "";

    /** The realms. */
    @AttributeDefinition(
            name = "Realms",
            description = "The realms of endpoints in which the class holds, with commas between; * for every realm.")
    String[] realms() default {"*"};

    /** The hours. */
    @AttributeDefinition(
            name = "Hours",
            description =
                    "When the class holds, by the clock on the wall, such as 00:00-06:00 or 22:00-06:00, with commas"
                            + " between. Empty: always.")
    String[] hours() default {};

    /** The days on which the hours begin. */
    @AttributeDefinition(
            name = "Days",
            description =
                    "The days of the week on which the hours begin, with commas between: mon, tue, wed, thu, fri, sat,"
                            + " sun. Empty: every day.")
    String[] days() default {};

    /** The time zone of the hours. */
    @AttributeDefinition(name = "Time zone", description = "The time zone of the hours, such as Europe/Prague.")
    String time_zone() default "UTC";
}
