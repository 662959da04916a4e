import type { Action } from './action.ts';
import { getConnectedClientList, getConnectedClients } from './client-actions.ts';
import { getLoggedInReps, getSupportTeams, logoutRep, setRepStatus } from './people-actions.ts';
import {
  createVirtualCustomer,
  generateSessionKey,
  getSessionAttributes,
  joinSessionAction,
  leaveSessionAction,
  sendChatMessage,
  setSessionAttributes,
  terminateSession,
  transferSessionAction,
} from './session-actions.ts';
import { importJumpShortcut } from './shortcut-action.ts';
import { checkHealth, getApiInfo, getAppliances, setFailoverRole } from './site-actions.ts';

/** Every action of the Command API in XML. */
export const actions: readonly Action[] = [
  ...[getApiInfo, checkHealth, getAppliances, setFailoverRole],
  ...[getLoggedInReps, getSupportTeams, setRepStatus, logoutRep],
  ...[generateSessionKey, createVirtualCustomer, joinSessionAction, leaveSessionAction],
  ...[transferSessionAction, terminateSession, setSessionAttributes, getSessionAttributes, sendChatMessage],
  ...[getConnectedClientList, getConnectedClients, importJumpShortcut],
];
