package io.nodedb.plan.expression;

import io.nodedb.base.settings.NearestName;
import java.util.Collection;
import java.util.List;

/** The part of an error that suggests a name that exists. */
final class NearestWord {
    private NearestWord() {}

    static String hint(String name, Collection<String> known) {
        String near = NearestName.of(name, List.copyOf(known));
        return near == null ? "" : ", did you mean \"" + near + "\"";
    }
}
