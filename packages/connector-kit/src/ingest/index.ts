export { Batch, largestBatch, type PageBatch, packBatch, toPage, toPageBatch, unpackBatch } from './batch.ts';
export {
  BatchAnswer,
  Hello,
  HelloAnswer,
  ingestPaths,
  OutOfOrder,
  Registered,
  Registration,
  refusals,
  releaseProgram,
  SignedManifest,
  Source,
} from './protocol.ts';
export {
  type Claims,
  exportPublicKey,
  importPublicKey,
  type Message,
  readClaims,
  type Signed,
  signMessage,
  verifyMessage,
} from './signature.ts';
