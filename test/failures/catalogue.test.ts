import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {catalogue} from '../../src/failures/catalogue.ts';
import {explainLog} from '../../src/failures/explain.ts';
import {literalOf} from '../../src/failures/literal-of.ts';
import type {FailureRow} from '../../src/failures/row.ts';

const groupsOf = (source: string) => (new RegExp(`${source}|`).exec('')?.length ?? 0) - 1;
const listed = catalogue.map(row => [row.id, row] as const);

test('every id is there once', () => {
	const ids = catalogue.map(({id}) => id);
	expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
	expect(ids.length).toBeGreaterThanOrEqual(190);
});

test.each(listed)('%s has the shape of a row', (_, row) => {
	const keys = ['id', 'stage', 'severity', 'patterns', 'cause', 'remedies', 'source', 'sample'];
	const optional = ['needs', 'context', 'givesWay', 'cascades'];
	expect(Object.keys(row).filter(key => !keys.includes(key) && !optional.includes(key))).toEqual([]);
	for (const key of ['id', 'stage', 'cause', 'source', 'sample'] as const) expect(row[key]).toMatch(/\S/);
	expect(row.id).toMatch(/^[A-Za-z0-9.]+$/);
	expect([
		...['pkg', 'toolchain', 'metadata', 'build', 'dmesg', 'load', 'unload', 'boot', 'dkms', 'practice', 'any']
	]).toContain(row.stage);
	expect(['error', 'warning', 'note']).toContain(row.severity);
	expect(row.patterns.length).toBeGreaterThan(0);
	for (const flag of [row.givesWay, row.cascades]) expect([undefined, true]).toContain(flag);
	for (const remedy of row.remedies) {
		expect(Object.keys(remedy).filter(key => key !== 'label' && key !== 'command')).toEqual([]);
		expect(remedy.label).toMatch(/\S/);
		expect(remedy.command ?? 'none').toMatch(/\S/);
	}
});

test.each(listed)('%s has patterns that can be filtered and groups that fit', (_, row) => {
	for (const source of row.patterns) expect(literalOf(source).length, source).toBeGreaterThanOrEqual(5);
	expect(new Set(row.patterns.map(groupsOf)).size).toBe(1);
	const groups = [row.patterns[0] as string, ...(row.needs ?? []), ...(row.context ?? [])].map(groupsOf);
	for (const source of row.context ?? []) expect(groupsOf(source), source).toBe(1);
	const texts = [row.cause, ...row.remedies.flatMap(({label, command}) => [label, command ?? ''])];
	const named = texts.flatMap(text => [...text.matchAll(/\$\{?(\d)/g)].map(([, number]) => Number(number)));
	expect(Math.max(0, ...named)).toBeLessThanOrEqual(groups.reduce((sum, count) => sum + count, 0));
});

test.each(listed)('%s is what its own sample is explained by', (id, row) => {
	const {failures, firstError} = explainLog(row.sample);
	expect(failures.map(failure => failure.id)).toEqual([id]);
	expect(firstError).toBeUndefined();
	expect(failures[0]).toMatchObject({stage: row.stage, severity: row.severity, line: 1});
	expect(failures[0]?.text).toBe(row.sample.split('\n')[0]);
});

test.each(listed)('%s speaks in whole sentences', (_, row) => {
	for (const text of [
		explainLog(row.sample).failures[0]?.cause,
		explainLog(row.sample, [bare(row)]).failures[0]?.cause
	]) {
		expect(text).toMatch(/^\S.*\S\.$/);
		expect(text).not.toMatch(/\$\d|\$\{\d|undefined| {2}|(?<!module)!|[Pp]lease|successfully| ,|\(\)\s*\(/);
	}
	for (const {label, command} of row.remedies) {
		expect(label).toMatch(/^[A-Z][a-z]+\b.*[^.]$/);
		expect(command ?? '').not.toMatch(/^\s|\s$/);
	}
});

/** The row as it applies where nothing of the context was found. */
function bare({context = [], ...row}: FailureRow): FailureRow {
	return {...row, context: context.map(() => '(never found){9}')};
}

test('patterns take no more than a moment on hostile lines', () => {
	const hostile = ["'", 'a', ' ', '(', 'a b ', ': ', "a' '", '/a/', '*** ', 'error: ', '.'].map(piece =>
		piece.repeat(4096 / piece.length)
	);
	for (const row of catalogue) {
		for (const source of [...row.patterns, ...(row.needs ?? []), ...(row.context ?? [])]) {
			const regex = new RegExp(source);
			const lines = [...hostile, ...hostile.map(line => (literalOf(source) + line).slice(0, 4096))];
			const start = performance.now();
			for (const line of lines) regex.exec(line);
			expect(performance.now() - start, `${row.id}: ${source}`).toBeLessThan(3000);
		}
	}
});

test('docs/failures.md has a section for every id and is up to date', () => {
	const page = readFileSync('docs/failures.md', 'utf8');
	for (const {id} of catalogue) expect(page.split(`<a id="${id}"></a>`)).toHaveLength(2);
	execFileSync(process.execPath, ['scripts/failures-docs.js', '--check']);
});
