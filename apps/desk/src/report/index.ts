export { renderInvitation, sampleValues, sampleWords, wrongInvitation } from './invitation.ts';
export { openRedact, redactReport, wrongPattern } from './redact.ts';
export { renderReport, renderSurveys, wrongTemplate } from './template.ts';
export { type Transcript, toTranscript, transcriptHtml, transcriptText } from './transcript.ts';
