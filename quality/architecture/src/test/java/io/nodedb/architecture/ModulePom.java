package io.nodedb.architecture;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What a {@code pom.xml} says about modules. Immutable. */
record ModulePom(String artifact, Set<String> compileDependencies, Set<String> modules) {
    private static final String GROUP = "io.nodedb";

    static ModulePom read(Path pom) {
        Element project;
        try {
            project =
                    DocumentBuilderFactory.newDefaultNSInstance()
                            .newDocumentBuilder()
                            .parse(pom.toFile())
                            .getDocumentElement();
        } catch (Exception e) {
            throw new IllegalArgumentException("Can't read " + pom, e);
        }
        Set<String> dependencies = new HashSet<>();
        children(project, "dependencies")
                .flatMap(list -> children(list, "dependency"))
                .filter(dependency -> text(dependency, "groupId").equals(Optional.of(GROUP)))
                .filter(dependency -> text(dependency, "scope").orElse("compile").equals("compile"))
                .forEach(dependency ->
                        dependencies.add(text(dependency, "artifactId").orElseThrow()));
        Set<String> modules = new HashSet<>();
        NodeList named = project.getElementsByTagNameNS("*", "module");
        elements(named).forEach(module -> modules.add(module.getTextContent().strip()));
        return new ModulePom(text(project, "artifactId").orElseThrow(), dependencies, modules);
    }

    private static Optional<String> text(Element parent, String name) {
        return children(parent, name).map(Element::getTextContent).map(String::strip).findFirst();
    }

    private static Stream<Element> children(Element parent, String name) {
        return elements(parent.getChildNodes()).filter(e -> e.getLocalName().equals(name));
    }

    private static Stream<Element> elements(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast);
    }
}
