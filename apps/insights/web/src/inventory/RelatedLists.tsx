import { formatNumber, Section, Tag } from '@gatehouse/ui';
import { Text } from '@mantine/core';
import type { RecordDetail } from '../api/types.ts';
import { linkHref } from './links.ts';
import classes from './RelatedLists.module.css';

/** The neighbours of a record, by what they are to it. */
export function RelatedLists({ tenantId, related }: { tenantId: string; related: RecordDetail['related'] }) {
  return (
    <div className={classes.lists}>
      {related.map(({ title, total, items }) => (
        <Section key={title} title={title} actions={<Tag tone="quiet">{formatNumber(total)}</Tag>}>
          <ul className={classes.list}>
            {items.map((item) => (
              <li key={`${item.kind}:${item.connection}:${item.stream}:${item.id}`}>
                <a href={linkHref(tenantId, item)} title={item.label}>
                  {item.label}
                </a>
                {item.note === null ? null : <span title={item.note}>{item.note}</span>}
              </li>
            ))}
          </ul>
          {total > items.length ? (
            <Text size="sm" c="dimmed" mt="xs">
              and {formatNumber(total - items.length)} more
            </Text>
          ) : null}
        </Section>
      ))}
    </div>
  );
}
