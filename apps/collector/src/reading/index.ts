export { createReader, spooledStreams } from './reader.ts';
