import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { layoutMail, type MailContent } from '#lib/platform/mail/layout.ts';
import { compileMailLayout, MAIL_LAYOUT } from '../../scripts/docs/mail-layout.ts';

const content: MailContent = {
  title: 'Your morning: 2 things',
  paragraphs: ['Good morning, "Ann" & <b>Bob</b>.'],
  figures: [{ label: 'Overdue', value: '2', tone: 'bad', url: 'https://crm.example/requests?due=overdue' }],
  sections: [
    {
      heading: 'Overdue',
      rows: [{ text: "Rao's <cheque>", note: '2 h late', url: 'https://crm.example/requests/7?a=1&b=2' }],
      more: [{ label: 'See all 2', url: 'https://crm.example/requests?due=overdue' }]
    }
  ],
  link: { label: 'Open Rapport', url: 'https://crm.example/' },
  footer: 'You get this as head of a team.'
};

test('is what layout.mjml says: node scripts/mail-layout.ts compiles it', async () => {
  expect(readFileSync(MAIL_LAYOUT, 'utf8')).toBe(await compileMailLayout());
}, 60_000);

test('escapes whatever people wrote', () => {
  const { html } = layoutMail(content);
  expect(html).toContain('Good morning, &quot;Ann&quot; &amp; &lt;b&gt;Bob&lt;/b&gt;.');
  expect(html).toContain('Rao&#39;s &lt;cheque&gt;');
  expect(html).toContain('href="https://crm.example/requests/7?a=1&amp;b=2"');
  expect(html).not.toContain('<b>');
});

test('takes what people wrote for text, even where it looks like a slot or like MJML', () => {
  const title = '@text@ [[content]] $& <mj-text>@url@</mj-text>';
  const { html } = layoutMail({ ...content, title });
  expect(html.split('@text@ [[content]] $&amp; &lt;mj-text&gt;@url@&lt;/mj-text&gt;')).toHaveLength(4);
  expect(html.match(/Open Rapport/g)).toHaveLength(1);
});

test('leaves no slot unfilled, and fetches nothing from anywhere', () => {
  const { html } = layoutMail(content);
  expect(html).not.toMatch(/@\w+@|\{\{|\[\[|\]\]/);
  expect(html).not.toMatch(/<link|<img|@import|url\(|src=/);
});

test('refuses links that lead nowhere or run something', () => {
  for (const url of ['javascript:alert(1)', '/requests', 'data:text/html,x'])
    expect(() => layoutMail({ title: 'x', link: { label: 'Go', url } })).toThrow('whole web address');
});

test('says what it is before it is opened', () => {
  const previewOf = (mail: MailContent) =>
    /max-height:0px[^>]*>([^&]*)&#847;/.exec(layoutMail(mail).html)?.[1];
  expect(previewOf({ title: 'Hello', paragraphs: ['First', 'Second'] })).toBe('First');
  expect(previewOf({ title: 'Hello', paragraphs: ['First'], preview: '2 overdue' })).toBe('2 overdue');
});

test('is ready for dark mail clients', () => {
  const { html } = layoutMail(content);
  expect(html).toContain('<meta name="color-scheme" content="light dark"');
  expect(html).toContain('@media (prefers-color-scheme: dark)');
  expect(html).toContain('[data-ogsc] .ink');
  // What is purely white or black is inverted by some clients and left by others.
  const body = html.slice(html.indexOf('<body'));
  expect(body.replace(/<div style="display:none[^>]*>/, '')).not.toMatch(/#fff(fff)?\b|#000(000)?\b/i);
});

test('stays whole where long mail is cut off', () => {
  const rows = Array.from({ length: 100 }, (_, n) => ({
    text: `SR-${String(n).padStart(6, '0')} Change of bank account, Mrs Lakshmi Narayanan and Mr R. Narayanan`,
    note: 'with Meenakshi Sundaram, due Friday 20 November, 11:20',
    url: `https://crm.example/requests/${n}`
  }));
  const { html } = layoutMail({ ...content, sections: [{ heading: 'Overdue', rows }] });
  expect(Buffer.byteLength(html)).toBeLessThan(102_000);
});

test('says the same in plain text', () => {
  expect(layoutMail(content).text).toBe(`Your morning: 2 things
======================

Good morning, "Ann" & <b>Bob</b>.

Overdue: 2

Overdue
- Rao's <cheque> (2 h late)
  https://crm.example/requests/7?a=1&b=2
See all 2: https://crm.example/requests?due=overdue

Open Rapport: https://crm.example/

-- 
You get this as head of a team.
`);
});

test('leaves out what there is nothing to say for', () => {
  const { html, text } = layoutMail({ title: 'Hello' });
  expect(text).toBe('Hello\n=====\n');
  expect(html).not.toContain('href');
});
