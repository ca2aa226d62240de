import {expect, test} from 'vitest';
import {type ChecklistItem, checklistRows, compactRow} from '../../components/checklist-rows.ts';
import type {Row} from '../../components/Line.tsx';
import {walk} from './scenes.tsx';

const plain = (row: Row) => row.map(({text}) => text).join('');
const rows = (items: readonly ChecklistItem[]) => checklistRows(items, false).map(plain);

test('only neighbours that have not been reached are folded', () => {
	expect(
		rows([
			{id: 'module', mark: 'stale', text: 'built for 7.2.12'},
			{id: 'build', mark: 'todo', text: ''},
			{id: 'load', mark: 'blocked', text: ''},
			{id: 'a', mark: 'todo', text: ''},
			{id: 'b', mark: 'todo', text: ''},
			{id: 'c', mark: 'todo', text: ''}
		])
	).toEqual([' ! module  built for 7.2.12', ' ○ build   to do', ' ■ load    blocked', ' ○ a       b · c']);
});

test('a step that is alone keeps what it has to tell', () => {
	expect(rows([{id: 'load', mark: 'todo', text: 'not loaded yet'}])).toEqual([' ○ load  not loaded yet']);
	expect(rows([])).toEqual([]);
});

test.each([
	[walk, 'boot · 3 of 8'],
	[walk.map(item => ({...item, mark: 'done' as const})), 'all done · 8 of 8'],
	[walk.map(item => (item.id === 'boot' ? {...item, mark: 'failed' as const} : item)), 'boot · 3 of 8 · failed'],
	[walk.slice(3), 'toolchain · 1 of 5']
])('compact form %#', (items, expected) => {
	expect(plain(compactRow(items, false))).toBe(expected);
});

test('compact form in ASCII', () => {
	expect(plain(compactRow(walk, true))).toBe('boot - 3 of 8');
});
