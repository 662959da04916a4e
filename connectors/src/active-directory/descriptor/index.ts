export { type AccessList, type ControlFlag, type Descriptor, parseDescriptor } from './descriptor.ts';
export type { EdgeKind } from './edge-kinds.ts';
export { type EdgeReader, openEdgeReader } from './edge-reader.ts';
export { type EdgeRows, listRows, type PlainEdge, rowAt, rowWords } from './edge-rows.ts';
export { type Edge, type Edges, tableOf, toAuthorityEdges, toEdges, toQuestionEdges } from './edges.ts';
export type { AccessEntry, AccessEntryFlags, AccessEntryType } from './entry.ts';
export type { EdgeRule, RightTable } from './right-table.ts';
export { type RawObject, type SchemaNames, toSchemaNames } from './schema-names.ts';
export type { Trustees } from './trustees.ts';
