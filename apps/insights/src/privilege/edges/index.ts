import { controlEdges } from './control.ts';
import type { PathEdge } from './edge.ts';
import { editRuleAttribute } from './edit-rule-attribute.ts';
import { readClientSecret } from './read-client-secret.ts';
import { resetCredentials } from './reset-credentials.ts';
import { signsInAs } from './signs-in-as.ts';

export const pathEdges: readonly PathEdge[] = [
  resetCredentials,
  signsInAs,
  readClientSecret,
  editRuleAttribute,
  ...controlEdges,
];
