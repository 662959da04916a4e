export { type StreamCatalogue, toCatalogue } from './catalogue.ts';
export { derive } from './derive.ts';
export { giveTime } from './give-time.ts';
export { migrations } from './migrations.ts';
export { readInBatches } from './read-in-batches.ts';
export { type ConnectionReads, isOffered, isReadable, readConnections } from './readable.ts';
