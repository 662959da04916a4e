export { type Cast, createCast } from './cast.ts';
export { newRecordingKey, openChunk, sealChunk } from './chunk.ts';
export { migrations } from './migrations.ts';
export { readRecording } from './read-recording.ts';
export { findRecording } from './store.ts';
export { readTranscript, searchTranscript } from './transcript.ts';
export { type RecordingParts, type RecordingWriter, startRecording } from './write-recording.ts';
