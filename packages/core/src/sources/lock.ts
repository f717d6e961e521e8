export interface Pin { sha256: string; size: number }
export interface LockedSource { version: string; providers: Record<string, Pin | undefined> }
export interface Lock { lockVersion: 1; sources: Record<string, LockedSource> }
