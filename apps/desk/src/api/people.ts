import { z } from 'zod';
import { Line, SearchQuery, When } from './words.ts';

/** Customers ask for help, technicians work on cases, managers arrange the desk as well. */
export const roles = ['customer', 'technician', 'manager'] as const;
export const Role = z.enum(roles);

/** Somebody as others name them. */
export const PersonName = z.object({ id: z.uuid(), login: z.string(), name: z.string(), email: z.string().nullable() });

/** GET /api/desk/people?search&role (technicians) → list(DeskPerson) */
export const PeopleQuery = SearchQuery.extend({
  role: Role.optional(),
  /** Only those that cases can be given to. */
  assignable: z.literal('true').optional(),
});
export const DeskPerson = PersonName.extend({
  /** What they may do: system administrators of the program are managers whatever was said here. */
  role: Role,
  isSystemAdministrator: z.boolean(),
  /** Whether they can sign in to the pages. */
  signsIn: z.boolean(),
  createdAt: When,
});

const Email = z.email('Enter an e-mail address.').max(300);
const Login = Line(200, 'Enter a login.');
/**
 * POST /api/desk/people: technicians add customers; a manager adds everybody else, who is invited. `login` is what the
 * site and other systems know them by; left out, it is the address.
 */
export const DeskPersonInput = z.strictObject({
  name: Line(120, 'Enter a name.'),
  email: Email.nullable().default(null),
  login: Login.optional(),
  role: Role.default('customer'),
});
/** `link` is shown this once: with it, who was invited chooses a password. Null for customers, and who can sign in already. */
export const AddedPerson = z.object({ person: DeskPerson, link: z.string().nullable() });
/** PATCH /api/desk/people/:id (managers). Name and address of who signs in are changed by themselves. */
export const DeskPersonChange = z.strictObject({
  name: Line(120, 'Enter a name.').optional(),
  email: Email.nullable().optional(),
  login: Login.optional(),
  role: Role.optional(),
});

/** GET /api/desk/me: what the caller is here. `person` is null for the operator of this machine. */
export const DeskMe = z.object({ person: PersonName.nullable(), role: Role });
