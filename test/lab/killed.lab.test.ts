import {join} from 'node:path';
import {expect, test} from 'vitest';
import {runInGuest} from './lab.ts';

/** dev may become root without a password: nobody is there to type one. */
const prepare = 'echo "dev ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/dev-without-password';

/** KILLS=200 for a long run, which takes ten minutes; SEED=number repeats one: the effects before which it kills, and the moments as far as time repeats. */
const kills = Number(process.env['KILLS'] ?? 60);
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const guests = 3;

type Result = {
	readonly kills: number;
	readonly killedAt: Readonly<Record<string, number>>;
	readonly problems: readonly string[];
};

test(
	`${kills} walks killed with -9 at any moment: the next start lands on the right step, and nothing is done again`,
	async () => {
		console.log(`SEED=${seed}`);
		const carry = Object.fromEntries(
			['kill-often.js', 'kill-before-effect.mjs'].map(name => [name, join(import.meta.dirname, name)])
		);
		const prepared = await runInGuest('mkdir -p ~/src && cd ~/src && node /job/kill-often.js prepare', {
			prepare,
			carry
		});
		expect(prepared.files['problems.json'], prepared.output).toBe('[]');
		for (const name of ['kept.tar', 'walks.json']) carry[name] = join(prepared.folder, 'results', name);
		const ends = await Promise.all(
			Array.from({length: guests}, (_, guest) =>
				runInGuest(
					`mkdir -p ~/src && cd ~/src && node /job/kill-often.js ${Math.ceil(kills / guests)} ${seed + guest} > /results/kills.json`,
					{prepare, carry, timeout: 60_000 + 8000 * kills}
				)
			)
		);
		const results = ends.map(({files, output}): Result => {
			expect(files['kills.json'], output).toBeTruthy();
			return JSON.parse(files['kills.json'] ?? '');
		});
		expect(results.flatMap(one => one.problems)).toEqual([]);
		expect(results.reduce((sum, one) => sum + one.kills, 0)).toBeGreaterThanOrEqual(kills);
		// at every step of the walk something was killed, where there were enough of them
		const killedAt = results.flatMap(one => Object.keys(one.killedAt));
		console.log(`killed at: ${JSON.stringify(results.map(one => one.killedAt))}`);
		for (const step of kills < 100 ? [] : ['module', 'build', 'load'])
			expect(killedAt.some(one => one.startsWith(step))).toBe(true);
	},
	180_000 + 8000 * kills
);

test.each([2, 4])(
	'%i at once: nothing that one of them remembers is lost',
	async count => {
		const names = ['first', 'second', 'third', 'fourth'].slice(0, count);
		const {files, output} = await runInGuest(
			`mkdir -p ~/src && cd ~/src
for name in ${names.join(' ')}; do
	(
		linux-rust-setup new $name > /dev/null 2>&1
		linux-rust-setup build $name > /dev/null 2>&1
		linux-rust-setup load $name --json < /dev/null > /dev/null 2>&1
		linux-rust-setup check --quiet > /dev/null
	) &
done
wait
cp ~/.local/state/linux-rust-setup/memory.json /results/
linux-rust-setup check --json | grep -c '"notices"'
ls -A ~/.local/state/linux-rust-setup`,
			{prepare, timeout: 300_000}
		);
		const memory = JSON.parse(files['memory.json'] ?? '');
		expect(memory.modules.map((one: {name: string}) => one.name).sort()).toEqual([...names].sort());
		// all that was built for this kernel is known to fit it
		expect(memory.green).toBeDefined();
		expect(output).toMatch(/^0\n(?:logs\n)?memory\.json\n$/);
	},
	320_000
);
