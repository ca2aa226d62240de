import PKGBUILD from '../../assets/linux-rust/PKGBUILD';
import fragment from '../../assets/linux-rust/rust.config';
import type {NewFile} from '../model/step.ts';

/** The recipe of linux-rust that comes with this program. A module of its own, so that only who wants it loads it. */
export const recipe: readonly NewFile[] = [
	{path: 'PKGBUILD', content: PKGBUILD},
	{path: 'rust.config', content: fragment}
];
