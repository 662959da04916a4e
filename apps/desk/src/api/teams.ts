import { z } from 'zod';
import { PersonName } from './people.ts';
import { Line, When, Words } from './words.ts';

/** GET /api/teams (technicians) → list(Team); POST TeamInput, PATCH, DELETE …/:id (managers) */
export const TeamInput = z.strictObject({ name: Line(120, 'Enter a name.'), comment: Words(2_000).default('') });
export const TeamChange = z.strictObject({
  name: Line(120, 'Enter a name.').optional(),
  comment: Words(2_000).optional(),
});
export const TeamName = z.object({ id: z.uuid(), name: z.string() });
export const Team = TeamName.extend({
  comment: z.string(),
  members: z.number().int(),
  /** Cases of it that are not resolved or closed. */
  openCases: z.number().int(),
  createdAt: When,
});
/** GET /api/teams/:id/members → list(TeamMember); PUT, DELETE …/:personId (managers) */
export const TeamMember = PersonName;
