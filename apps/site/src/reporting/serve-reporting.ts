import type { App } from '@gatehouse/server';
import type { Account } from '../oauth/index.ts';
import { BadParameters, NotAllowed, serveXmlApi, toSentence } from '../xml-api/index.ts';
import { serveDownloads } from './downloads/serve-downloads.ts';
import type { ReportParts } from './report.ts';
import { reports } from './reports.ts';
import { roots } from './schema.ts';
import { toDocument } from './stream.ts';

const notAllowed = 'The API account does not have permission to use the Reporting API, or not for this report.';

const permissions = [...new Set(reports.map(({ needs }) => needs))];
const mayAnything = ({ permissions: has }: Account): boolean => permissions.some((permission) => has[permission]);

/** The Reporting API, and what links in its reports lead to. */
export const serveReporting = (app: App, parts: ReportParts): void => {
  serveDownloads(app, parts);
  serveXmlApi(app, parts, {
    ...{ name: 'reporting', addresses: ['/api/reporting', '/api/reporting.ns'], roots },
    refuse: (account) => (mayAnything(account) ? null : notAllowed),
    answer: async ({ parameters, account, by, address, namespace }) => {
      const wanted = parameters.generate_report ?? '';
      const report = reports.find(({ name }) => name === wanted);
      if (report === undefined)
        throw new BadParameters(`generate_report: This site has no report “${wanted.slice(0, 100)}”.`);
      if (!account.permissions[report.needs]) throw new NotAllowed(notAllowed);
      const checked = report.parameters.safeParse(parameters);
      if (!checked.success) throw new BadParameters(toSentence(checked.error, parameters), { cause: checked.error });
      // As they came: the report reads them once more, by its own types.
      const answered = await report.run({ ...parts, by, address, parameters });
      return 'rows' in answered ? await toDocument(answered, namespace) : answered;
    },
  });
};
