import { fields } from '@gatehouse/fields';
import { z } from 'zod';

/** What is entered about a site of remote support: one of ours, or an appliance that speaks the same API. */
export const SiteSettings = fields.object({
  name: fields.text('Name', 'How it is called here. Must be the only one with this name.').max(120),
  url: fields.url('Address', 'Where people open the site, for example https://support.example.com.'),
  clientId: fields.text('OAuth client ID', 'Of an API account of the site with full access to Command and Reporting.'),
  clientSecret: fields.secret('OAuth client secret', 'Shown once, when the secret of the API account is made.'),
  certificateAuthorities: fields.certificates(
    'Certificate authorities',
    'In PEM form, of the authority that issued the certificate of the site. Empty where this machine trusts it already.',
  ),
});
export type SiteSettings = z.output<typeof SiteSettings>;

const When = z.iso.datetime();
export const SiteId = z.uuid();

/** A secret is never answered: `{ isSet: true }` says that there is one. */
export const SiteAnswer = z.object({
  siteId: SiteId,
  name: z.string(),
  url: z.string(),
  clientId: z.string(),
  clientSecret: z.object({ isSet: z.boolean() }),
  certificateAuthorities: z.string(),
  createdAt: When,
});
export const SiteList = z.object({ items: z.array(SiteAnswer), next: z.null() });

/** POST /api/sites, and PATCH /api/sites/:siteId: what is left out stays. Checked by `SiteSettings`. */
export const SiteInput = z.record(z.string().max(100), z.unknown());

/**
 * POST /api/sites/:siteId/test: of what is in a form, with the kept secret where it is left out; without settings, of what
 * is saved. POST /api/sites/test: of one that is not added yet.
 */
export const SiteTestInput = z.strictObject({ settings: SiteInput.optional() }).nullish();
export const NewSiteTestInput = z.strictObject({ settings: SiteInput });

/** Of a test: each step with a plain result. */
export const TestAnswer = z.object({
  ok: z.boolean(),
  steps: z.array(z.object({ id: z.string(), name: z.string(), ok: z.boolean().nullable(), sentence: z.string() })),
});
export type TestAnswer = z.output<typeof TestAnswer>;
