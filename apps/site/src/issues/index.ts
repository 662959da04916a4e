export { migrations } from './migrations.ts';
export { findIssue, type Issue, listIssues, supportIssues } from './model.ts';
