export { renderInvitation, sampleValues, sampleWords, wrongInvitation } from './invitation.ts';
export { openRedact, redactReport, wrongPattern } from './redact.ts';
export { renderReport, renderSurveys, wrongTemplate } from './template.ts';
export { toTranscript, transcriptHtml, transcriptText } from './transcript.ts';
