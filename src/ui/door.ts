import type {Stage} from '../actions/stage.ts';
import type {Session} from '../commands/session.ts';
import type {Trial} from '../model/step.ts';
import type {Consent, Outcome} from '../model/walk.ts';

/** What the walk needs of a session. */
export type Walked = Pick<Session, 'reader' | 'notices' | 'welcome' | 'inspect' | 'since' | 'remember' | 'runner'>;

/** Puts what is about to be made to the user. */
export type Agree = (consent: Consent) => Promise<boolean>;

/** The practice machine while the walk is there. */
export type Inside = {
	readonly session: Walked;
	/** The kernel of its guest. */
	readonly release: string;
	/** The folder of the module that is tried there in a copy. */
	readonly tried: string | undefined;
	/** Set where its guest runs a kernel that is installed on this machine. */
	readonly installed?: string | undefined;
	/** Resolves when the guest is no more. */
	readonly ended: Promise<unknown>;
};

/** The way between this machine and the practice machine. */
export type Door = {
	/** Makes the practice machine ready and goes in; one that was there before is thrown away. */
	enter(trial: Trial, stage: Stage, agree: Agree): Promise<Outcome>;
	/** Undefined outside. */
	inside(): Inside | undefined;
	/** Throws the guest away, and waits until it is gone. */
	leave(): Promise<void>;
};
