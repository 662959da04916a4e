import { formatNumber, Section, Tag } from '@gatehouse/ui';
import { Text } from '@mantine/core';
import type { RecordDetail } from '../api/types.ts';
import { linkHref } from './links.ts';
import classes from './RelatedLists.module.css';

/** A list of so many is seen at a glance. */
const short = 10;

/** The neighbours of a record, by what they are to it. */
export function RelatedLists({ tenantId, related }: { tenantId: string; related: RecordDetail['related'] }) {
  return (
    <div className={classes.lists}>
      {related.map(({ title, href, total, items }) => (
        <Section key={title} title={title} actions={<Tag tone="quiet">{formatNumber(total)}</Tag>}>
          <ul className={classes.list}>
            {items.map((item) => (
              <li key={`${item.kind}:${item.connection}:${item.stream}:${item.id}`}>
                {item.stream === '' ? (
                  <span title="It was not read">{item.label}</span>
                ) : (
                  <a href={linkHref(tenantId, item)} title={item.label}>
                    {item.label}
                  </a>
                )}
                {item.note === null ? null : <span title={item.note}>{item.note}</span>}
              </li>
            ))}
          </ul>
          {total > short ? (
            <Text size="sm" mt="xs">
              <a href={href}>
                {total > items.length ? `Show and search all ${formatNumber(total)}` : 'Search this list'}
              </a>
            </Text>
          ) : null}
        </Section>
      ))}
    </div>
  );
}
