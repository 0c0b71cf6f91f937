// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The rules of the design: who may import whom. */
@AnalyzeClasses(packages = "org.flowtally", importOptions = DoNotIncludeTests.class)
class ImportDirectionsTest {
    private static final String API = "org.flowtally.api";
    private static final String LIBRARIES = "org.flowtally.lib";

    private static final String[] JDBC = {"java.sql..", "javax.sql..", "com.zaxxer..", "org.mariadb.."};

    /** The words first, then the data path; a package knows only what stands before it. */
    private static final List<String> API_ORDER = List.of(
            "config",
            "time",
            "status",
            "endpoint",
            "subscriber",
            "datagram",
            "policy",
            "flow",
            "clock",
            "decode",
            "usage");

    @ArchTest
    static void stagesKnowTheApiAndLibrariesButNotEachOther(JavaClasses all) {
        TreeSet<String> stages = all.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("org.flowtally.")
                        && !name.startsWith(API)
                        && !name.startsWith(LIBRARIES)
                        && !name.startsWith("org.flowtally.itests"))
                .map(name -> name.split("\\.")[2])
                .collect(Collectors.toCollection(TreeSet::new));

        for (String stage : stages) {
            String own = "org.flowtally." + stage;
            noClasses()
                    .that()
                    .resideInAPackage(own + "..")
                    .should()
                    .dependOnClassesThat(resideInAPackage("org.flowtally..")
                            .and(not(resideInAnyPackage(own + "..", API + "..", LIBRARIES + ".."))))
                    .because("a bundle imports api and libraries, never another stage")
                    .check(all);
        }
    }

    @ArchTest
    static final ArchRule LIBRARIES_KNOW_NO_STAGE = noClasses()
            .that()
            .resideInAPackage(LIBRARIES + "..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("org.flowtally..").and(not(resideInAnyPackage(API + "..", LIBRARIES + ".."))));

    @ArchTest
    static final ArchRule API_IS_WORDS_AND_CONTRACTS = classes()
            .that()
            .resideInAPackage(API + "..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    API + "..",
                    LIBRARIES + ".lookup",
                    "org.osgi.annotation..",
                    "org.osgi.service.component.annotations",
                    "org.jspecify.annotations");

    @ArchTest
    static final ArchRule API_POINTS_ONE_WAY =
            classes().that().resideInAPackage(API + "..").should(knowOnlyEarlierPackages());

    @ArchTest
    static final ArchRule CAMEL_ONLY_WHERE_ROUTES_ARE = noClasses()
            .that(not(resideInAnyPackage("org.flowtally.listener..", "org.flowtally.pipeline..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.camel..", "io.netty..");

    @ArchTest
    static final ArchRule KARAF_ONLY_IN_THE_CONSOLE = noClasses()
            .that(not(resideInAPackage("org.flowtally.console..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.karaf..", "org.jline..");

    @ArchTest
    static final ArchRule JDBC_ONLY_WHERE_THE_DATABASE_IS = noClasses()
            .that(not(resideInAnyPackage(
                    "org.flowtally.storage..",
                    "org.flowtally.retention..",
                    "org.flowtally.subscriber..",
                    "org.flowtally.pipeline..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JDBC);

    /** Routes may ask the database; whatever DataSource there is reaches them through one delegating class. */
    @ArchTest
    static final ArchRule PIPELINE_HANDS_A_DATA_SOURCE_ON_AND_NO_MORE = noClasses()
            .that()
            .resideInAPackage("org.flowtally.pipeline..")
            .and()
            .doNotHaveFullyQualifiedName("org.flowtally.pipeline.SwitchedDataSource")
            .should()
            .dependOnClassesThat(resideInAnyPackage(JDBC).and(not(name("javax.sql.DataSource"))));

    @ArchTest
    static final ArchRule NAMES_SAY_THE_IDEA = noClasses()
            .should()
            .haveNameMatching(".*(Impl|Utils?|Helper|Manager)")
            .because("if a name needs such a word, the idea is not found yet");

    private static ArchCondition<JavaClass> knowOnlyEarlierPackages() {
        return new ArchCondition<>("know only packages that stand before their own in " + API_ORDER) {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                int own = rank(origin);
                origin.getDirectDependenciesFromSelf().stream()
                        .filter(dependency ->
                                dependency.getTargetClass().getPackageName().startsWith(API + "."))
                        .filter(dependency -> rank(dependency.getTargetClass()) > own)
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(origin, dependency.getDescription())));
            }
        };
    }

    private static int rank(JavaClass type) {
        String name = type.getPackageName().substring(API.length() + 1).split("\\.")[0];
        int rank = API_ORDER.indexOf(name);
        if (rank < 0) {
            throw new AssertionError("api package without a place in the order: package=" + type.getPackageName());
        }
        return rank;
    }
}
