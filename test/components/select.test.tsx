import {describe, expect, test} from 'vitest';
import {Frame} from '../../components/Frame.tsx';
import {Select} from '../../components/Select.tsx';
import {scrollTo} from '../../components/select-state.ts';
import {keys, renderOnTerminal} from '../support/virtual-terminal.ts';

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(id => ({id, label: `item ${id}`}));

type Options = {
	readonly initial?: number;
	readonly height?: number;
	readonly isActive?: boolean;
	readonly items?: typeof letters;
};

function mount({items = letters, isActive = true, ...rest}: Options = {}) {
	const chosen: string[] = [];
	const highlighted: string[] = [];
	const tree = (props: Options = {}) => (
		<Frame rows={24} columns={80}>
			<Select
				items={items}
				isActive={isActive}
				{...rest}
				{...props}
				onHighlight={id => highlighted.push(id)}
				onSelect={id => chosen.push(id)}
			/>
		</Frame>
	);
	return {chosen, highlighted, tree, ...renderOnTerminal(tree())};
}

const {up, down, home, end, pageUp, pageDown, enter} = keys;

test.each([
	['↓×5 ⏎', down.repeat(5) + enter, 'f'],
	['⏎⏎', enter + enter, 'a'],
	['jj⏎', `jj${enter}`, 'c'],
	['↓⏎⏎', down + enter + enter, 'b'],
	['↑⏎', up + enter, 'h'],
	['k⏎', `k${enter}`, 'h'],
	['↓×8 ⏎ goes round', down.repeat(8) + enter, 'a'],
	['End ⏎', end + enter, 'h'],
	['End Home ⏎', end + home + enter, 'a'],
	['3⏎', `3${enter}`, 'c'],
	['39⏎: there is no ninth', `39${enter}`, 'c'],
	['↓↓PgDn⏎ stops at the end', down + down + pageDown + enter, 'h'],
	['↓↓PgUp⏎ stops at the start', down + down + pageUp + enter, 'a'],
	['⏎↓⏎: the first Enter counts', enter + down + enter, 'a'],
	['line feed', `j\n`, 'b']
])('%s in one chunk chooses once', async (_, chunk, expected) => {
	const list = mount();
	await list.press(chunk);
	expect(list.chosen).toEqual([expected]);
	list.app.unmount();
});

test.each(['1', '5', 'x', keys.paste('\r'), keys.paste('3\r'), '\u001b[A', '\u0010'])(
	'%j alone chooses nothing',
	async chunk => {
		const list = mount();
		await list.press(chunk);
		expect(list.chosen).toEqual([]);
		list.app.unmount();
	}
);

test('every change of the highlight is told, the first one is not', async () => {
	const list = mount({initial: 2});
	await list.press('');
	expect(list.highlighted).toEqual([]);
	await list.press(down + down + up);
	await list.press('4');
	expect(list.highlighted).toEqual(['d', 'e', 'd']);
	expect(list.screen()).toContain(' ❯ item d\n   item e');
	list.app.unmount();
});

test('an answered list is deaf until it was inactive', async () => {
	const list = mount();
	await list.press(enter);
	await list.press(down + enter);
	expect(list.chosen).toEqual(['a']);
	list.app.rerender(list.tree({isActive: false}));
	await list.press(enter);
	expect(list.chosen).toEqual(['a']);
	list.app.rerender(list.tree());
	await list.press(down + enter);
	expect(list.chosen).toEqual(['a', 'b']);
	list.app.unmount();
});

test('other items are another question', async () => {
	const list = mount();
	await list.press(down + enter);
	list.app.rerender(list.tree({items: letters.slice(3)}));
	await list.press(enter);
	expect(list.chosen).toEqual(['b', 'd']);
	list.app.unmount();
});

test('no items: nothing to choose, nothing thrown', async () => {
	const list = mount({items: []});
	await list.press(down + enter);
	expect(list.chosen).toEqual([]);
	expect(list.screen()).toBe('');
	list.app.unmount();
});

describe('with fewer rows than items', () => {
	test('the window follows the highlight and says where it is', async () => {
		const list = mount({height: 4});
		expect(await list.settle()).toBe(' ❯ item a\n   item b\n   item c\n   1 of 8');
		expect(await list.press(down.repeat(3))).toBe('   item b\n   item c\n ❯ item d\n   4 of 8');
		expect(await list.press(up)).toBe('   item b\n ❯ item c\n   item d\n   3 of 8');
		expect(await list.press(end)).toBe('   item f\n   item g\n ❯ item h\n   8 of 8');
		expect(await list.press(down)).toBe(' ❯ item a\n   item b\n   item c\n   1 of 8');
		expect(await list.press(pageDown)).toBe('   item b\n   item c\n ❯ item d\n   4 of 8');
		list.app.unmount();
	});

	test('a window that shrinks keeps the highlight in sight', async () => {
		const list = mount({height: 8});
		await list.press(end);
		list.app.rerender(list.tree({height: 3}));
		expect(await list.settle()).toBe('   item g\n ❯ item h\n   8 of 8');
		list.app.rerender(list.tree({height: 1}));
		expect(await list.settle()).toBe(' ❯ item h');
		list.app.unmount();
	});

	test.each([
		[0, 5, 8, 3, 3],
		[5, 2, 8, 3, 2],
		[6, 7, 8, 3, 5],
		[0, 0, 2, 3, 0]
	])('scrollTo(%i, %i) of %i in %i rows', (first, index, count, rows, expected) => {
		expect(scrollTo(first, index, {count, rows})).toBe(expected);
	});
});
