import { expect, test } from 'vitest';
import { layoutMail } from '#lib/platform/mail/layout.ts';

const content = {
  title: 'Your morning: 2 things',
  paragraphs: ['Good morning, "Ann" & <b>Bob</b>.'],
  sections: [
    {
      heading: 'Overdue',
      rows: [{ text: "Rao's <cheque>", note: '2 h late', url: 'https://crm.example/requests/7?a=1&b=2' }]
    }
  ],
  link: { label: 'Open Rapport', url: 'https://crm.example/' },
  footer: 'You get this as head of a team.'
};

test('escapes whatever people wrote', () => {
  const { html } = layoutMail(content);
  expect(html).toContain('Good morning, &quot;Ann&quot; &amp; &lt;b&gt;Bob&lt;/b&gt;.');
  expect(html).toContain('Rao&#39;s &lt;cheque&gt;');
  expect(html).toContain('href="https://crm.example/requests/7?a=1&amp;b=2"');
  expect(html).not.toContain('<b>');
});

test('says the same in plain text', () => {
  expect(layoutMail(content).text).toBe(`Your morning: 2 things
======================

Good morning, "Ann" & <b>Bob</b>.

Overdue
- Rao's <cheque> (2 h late)
  https://crm.example/requests/7?a=1&b=2

Open Rapport: https://crm.example/

-- 
You get this as head of a team.
`);
});

test('leaves out what there is nothing to say for', () => {
  const { html, text } = layoutMail({ title: 'Hello' });
  expect(text).toBe('Hello\n=====\n');
  expect(html).not.toContain('<table');
  expect(html).not.toContain('href');
});
