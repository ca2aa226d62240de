import {describe, expect, test} from 'vitest';
import {bootGuest, type Ended, runInGuest} from './lab.ts';
import {documentOf, green, prepare, stepOf} from './update.ts';

describe('the wizard after an update', () => {
	test.each([
		[80, 24, 'm builds the modules again, and the walk goes on'],
		[40, 12, 'q leaves it so'],
		[200, 50, 'q leaves it so']
	])(
		'%ix%i says first what changed; %s',
		async (columns, rows, then) => {
			const guest = await bootGuest({
				columns,
				rows,
				script: `${green}
other=$(uname -r | sed 's/^6.12.\\([0-9]*\\)[0-9]/6.12.\\1x/; s/x/0/')
[ "$other" != "$(uname -r)" ] || other=$(uname -r | sed 's/0-arch/1-arch/')
sed -i "s/$(uname -r)/$other/g" ~/src/*/*.ko
clear
linux-rust-setup; echo "wizard ended with $?"
linux-rust-setup check build --json > /results/mended.json`
			});
			await guest.waitFor('Since you were last green', 240_000);
			// the commands are planned while the screen is there already
			const first = await guest.waitFor('make -C');
			expect(first).toMatch(/ m .*Build numbers, hello again/);
			const mends = then.startsWith('m ');
			if (mends) {
				guest.press('m');
				const decision = await guest.waitFor(/is ready\. Load it|Load numbers/, 240_000);
				expect(decision).not.toContain('Since you were last green');
			}
			guest.press('q');
			await guest.waitFor('wizard ended with 1');
			const {files} = await guest.done;
			expect(stepOf(documentOf({files} as unknown as Ended, 'mended.json'), 'build')).toMatchObject({
				status: mends ? 'done' : 'stale'
			});
		},
		400_000
	);
});

describe('memory on a disk', () => {
	test('that is full, or read-only: the old memory stays whole and the user is told', async () => {
		const {output} = await runInGuest(
			`mkdir -p ~/src ~/state && cd ~/src
linux-rust-setup new numbers > /dev/null 2>&1
sudo mount -t tmpfs -o size=32k,uid=$(id -u),mode=700 tmpfs ~/state
export XDG_STATE_HOME=$HOME/state
linux-rust-setup build numbers > /dev/null 2>&1
before=$(cat ~/state/linux-rust-setup/memory.json)
cat /dev/zero > ~/state/filler 2> /dev/null
# that all is green is to be remembered
linux-rust-setup check --quiet
[ "$before" = "$(cat ~/state/linux-rust-setup/memory.json)" ] && echo whole
rm ~/state/filler
sudo mount -o remount,ro ~/state
linux-rust-setup check --quiet
[ "$before" = "$(cat ~/state/linux-rust-setup/memory.json)" ] && echo whole`,
			{prepare}
		);
		const said =
			'load: numbers is not loaded\n\\S+memory\\.json cannot be written \\(.+\\): nothing is remembered of this run\nwhole\n';
		expect(output).toMatch(new RegExp(`^${said}${said}$`));
	}, 400_000);
});
