export { openRedact, redactReport, wrongPattern } from './redact.ts';
export { renderReport, renderSurveys, wrongTemplate } from './template.ts';
