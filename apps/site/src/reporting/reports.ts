import { accessSession, accessSessionListing, accessSessionSummary } from './access/reports.ts';
import { accessSessionRecording, commandShellRecording, supportSessionRecording } from './recordings.ts';
import type { Report } from './report.ts';
import {
  supportCustExitSurvey,
  supportRepExitSurvey,
  supportSession,
  supportSessionListing,
  supportSessionSummary,
} from './support/reports.ts';
import { syslog } from './syslog/report.ts';
import { supportTeam, team } from './teams.ts';
import { vaultAccountActivity } from './vault.ts';

/** Every report that this site has. */
export const reports: readonly Report[] = [
  ...[supportSession, supportSessionListing, supportSessionSummary, supportSessionRecording],
  ...[supportCustExitSurvey, supportRepExitSurvey, supportTeam],
  ...[accessSession, accessSessionListing, accessSessionSummary, accessSessionRecording, commandShellRecording, team],
  ...[vaultAccountActivity, syslog],
];
