export { createReader, type Reader, spooledStreams } from './reader.ts';
