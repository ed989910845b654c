package io.nodedb.document.definition;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;

/** Changes of the indexes. */
final class IndexEvolution {
    private IndexEvolution() {}

    static CollectionDefinition add(CollectionDefinition definition, NewIndex index) {
        DefinitionDraft draft = new DefinitionDraft(definition);
        draft.indexes.add(
                new IndexDefinition(
                        draft.nextIndexId,
                        index.name(),
                        index.uniqueness(),
                        index.parts(),
                        index.predicate(),
                        IndexState.BUILDING));
        draft.nextIndexId = Math.addExact(draft.nextIndexId, 1);
        return draft.finish();
    }

    static CollectionDefinition ready(CollectionDefinition definition, String name) {
        return replaced(definition, require(definition, name).in(IndexState.READY));
    }

    static CollectionDefinition rename(
            CollectionDefinition definition, String name, String newName) {
        return replaced(definition, require(definition, name).named(newName));
    }

    static CollectionDefinition drop(CollectionDefinition definition, String name) {
        DefinitionDraft draft = new DefinitionDraft(definition);
        draft.indexes.remove(require(definition, name));
        return draft.finish();
    }

    private static CollectionDefinition replaced(
            CollectionDefinition definition, IndexDefinition changed) {
        DefinitionDraft draft = new DefinitionDraft(definition);
        draft.indexes.replaceAll(index -> index.id() == changed.id() ? changed : index);
        return draft.finish();
    }

    private static IndexDefinition require(CollectionDefinition definition, String name) {
        return definition
                .index(name)
                .orElseThrow(() ->
                        new NodeDbException(
                                ErrorCode.UNDEFINED_OBJECT,
                                "index \"" + name + "\" does not exist."));
    }
}
