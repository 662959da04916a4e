export { type StreamCatalogue, toCatalogue } from './catalogue.ts';
export { derive } from './derive.ts';
export { giveTime } from './give-time.ts';
export { migrations } from './migrations.ts';
export { type ConnectionReads, isReadable, readConnections } from './readable.ts';
