import { describe, expect, test } from 'vitest';
import { plainText, safeHtml } from '../src/index.ts';

describe('a note keeps what looks like something and nothing that does something', () => {
  test.each([
    ['<p>Hello <b>Zoë</b></p>', '<p>Hello <b>Zoë</b></p>'],
    ['<P CLASS="x" onclick="steal()">a</P>', '<p>a</p>'],
    ['a<script>alert(1)</script>b', 'ab'],
    ['a<script>alert(1)', 'a'],
    ['<scr<script></script>ipt>alert(1)</script>', 'alert(1)'],
    ['<img src=x onerror=alert(1)>', ''],
    ['<svg/onload=alert(1)>', '&lt;svg/onload=alert(1)&gt;'],
    [
      '<a href="https://desk.example/a?b=1&amp;c=2" target=_top>x</a>',
      '<a href="https://desk.example/a?b=1&amp;c=2" rel="noreferrer">x</a>',
    ],
    ['<a href="javascript:alert(1)">x</a>', '<a>x</a>'],
    ['<a href=" jAvascript&#58;alert(1)">x</a>', '<a>x</a>'],
    ['<a href="https://user:word@desk.example/">x</a>', '<a>x</a>'],
    [
      '<a href=\'https://desk.example/"onmouseover="x\'>y</a>',
      '<a href="https://desk.example/%22onmouseover=%22x" rel="noreferrer">y</a>',
    ],
    ['1 < 2 && "quoted" &amp; &notone', '1 &lt; 2 &amp;&amp; &quot;quoted&quot; &amp; &amp;notone'],
    ['<b><i>open', '<b><i>open</i></b>'],
    ['</div></td>closed', 'closed'],
    ['<table><tr><td>a</table>b', '<table><tr><td>a</td></tr></table>b'],
    ['<!-- a <b>comment</b> -->x', 'x'],
    ['a\u0000b\u001b[31m', 'ab[31m'],
  ])('%j becomes %j', (html, safe) => {
    expect(safeHtml(html)).toBe(safe);
    // Whoever makes it safe once more changes nothing.
    expect(safeHtml(safe)).toBe(safe);
  });

  test('half a character is no character, and a million characters are enough', () => {
    expect(safeHtml('a\uD800b')).toBe('a\uFFFDb');
    expect(safeHtml('x'.repeat(1_000_002))).toBe(`${'x'.repeat(1_000_000)}<p>…</p>`);
  });

  test.each(['<a'.padEnd(2_000, ' '), '<script', '<!--', '&amp', '<a href="', '<b>', '<p '])(
    'a megabyte of it takes no time: %#',
    (piece) => {
      const began = performance.now();
      plainText(piece.repeat(Math.ceil(1_000_000 / piece.length)));
      expect(performance.now() - began).toBeLessThan(5_000);
    },
  );
});

test.each([
  ['<h2>Session</h2><p>one<br>two</p><ul><li>a</li><li>b</li></ul>', 'Session\none\ntwo\n- a\n- b'],
  ['<table><tr><th>who</th><td>Zoë</td></tr></table>', 'who\tZoë'],
  ['<a href="https://desk.example/x?a=1&amp;b=2">report</a>', 'report <https://desk.example/x?a=1&b=2>'],
  ['1 &lt; 2 &amp;amp; &#233;&#x263A;&#0;', '1 < 2 &amp; é☺'],
  ['&lt;script&gt;alert(1)&lt;/script&gt;', '<script>alert(1)</script>'],
])('%j reads %j', (html, text) => {
  expect(plainText(html)).toBe(text);
});
