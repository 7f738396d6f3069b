import { describe, expect, it } from 'vitest';
import { activeFilters, clearFiltersHref, safeNext, sortLink, withParams } from '#lib/ui/url.ts';

const at = (path: string) => new URL(path, 'http://localhost');

describe('the address of a list', () => {
  it('takes parameters away that are empty', () => {
    expect(withParams(at('/leads?q=rao&status=new'), { q: '', cursor: 'abc' })).toBe(
      '/leads?status=new&cursor=abc'
    );
    expect(withParams(at('/leads?q=rao'), { q: null })).toBe('/leads');
  });

  it('tells filters from order and place', () => {
    expect(activeFilters(at('/leads?q=rao&sort=due&cursor=x&view=3&rm='), ['view'])).toEqual(['q']);
  });

  it('clears the filters and goes back to the first page, but keeps the order', () => {
    expect(clearFiltersHref(at('/leads?q=rao&sort=due&cursor=x'))).toBe('/leads?sort=due');
    expect(clearFiltersHref(at('/leads?sort=due'))).toBeNull();
  });
});

describe('a column header', () => {
  it('turns the order around when it is already the order', () => {
    expect(sortLink(at('/leads?sort=due'), 'due')).toEqual({
      href: '/leads?sort=-due',
      state: 'ascending'
    });
    expect(sortLink(at('/leads?sort=-due'), 'due')).toEqual({ href: '/leads?sort=due', state: 'descending' });
  });

  it('knows the order that holds when the address names none', () => {
    expect(sortLink(at('/leads'), 'due', '-due').state).toBe('descending');
    expect(sortLink(at('/leads'), 'name', '-due').state).toBeUndefined();
  });

  it('starts again at the first page', () => {
    expect(sortLink(at('/leads?cursor=x'), 'name').href).toBe('/leads?sort=name');
  });
});

describe('where a sign-in leads', () => {
  it('is a path inside the app', () => {
    expect(safeNext('/leads?q=a')).toBe('/leads?q=a');
  });

  it.each([null, '', 'leads', '//evil.example', '/\\evil.example', '/\tx', 'https://evil.example'])(
    'is the start page for %j',
    (next) => {
      expect(safeNext(next)).toBe('/');
    }
  );
});
