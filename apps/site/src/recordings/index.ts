export { type Cast, createCast } from './cast.ts';
export { openChunk } from './chunk.ts';
export { migrations } from './migrations.ts';
export { readRecording } from './read-recording.ts';
export { findRecording } from './store.ts';
export { readTranscript, searchTranscript } from './transcript.ts';
export { type RecordingWriter, startRecording } from './write-recording.ts';
