import type { Chance } from './random.ts';

/** One invented person and how they stand in the organisation. Both fake vendors are made from the same people. */
export interface LabPerson {
  /** 1 to the number of people; the employee number is 10,000 more. */
  readonly number: number;
  readonly firstName: string;
  readonly lastName: string;
  /** `ada.lovelace`, unique. */
  readonly handle: string;
  readonly email: string;
  readonly department: Department;
  readonly title: string;
  readonly managerHandle: string | null;
  readonly hiredAt: Date;
  /** Null while employed. */
  readonly leftAt: Date | null;
  /** Null: never. */
  readonly lastSignInAt: Date | null;
  readonly city: string;
}

export const departments = [
  'Engineering',
  'Sales',
  'Support',
  'Finance',
  'People',
  'Marketing',
  'IT',
  'Security',
  'Legal',
  'Operations',
] as const;
export type Department = (typeof departments)[number];

/** How large each department is, in per cent. */
const shares: Readonly<Record<Department, number>> = {
  Engineering: 30,
  Sales: 18,
  Support: 14,
  Operations: 12,
  Finance: 6,
  Marketing: 6,
  People: 4,
  IT: 5,
  Security: 3,
  Legal: 2,
};

const titles: Readonly<Record<Department, readonly [string, ...string[]]>> = {
  Engineering: [
    'Software Engineer',
    'Senior Software Engineer',
    'Staff Engineer',
    'Site Reliability Engineer',
    'Data Engineer',
    'QA Engineer',
  ],
  Sales: ['Account Executive', 'Sales Engineer', 'Sales Development Representative', 'Regional Director'],
  Support: ['Support Engineer', 'Customer Success Lead', 'Technical Account Coordinator'],
  Finance: ['Accountant', 'Controller', 'Payroll Specialist'],
  People: ['Recruiter', 'People Partner'],
  Marketing: ['Content Writer', 'Campaign Lead', 'Designer'],
  IT: ['IT Specialist', 'Systems Administrator', 'Help Desk Technician'],
  Security: ['Security Engineer', 'Identity Engineer', 'Security Analyst'],
  Legal: ['Counsel', 'Paralegal'],
  Operations: ['Operations Coordinator', 'Logistics Planner', 'Warehouse Lead'],
};

/** The words of a text; at least one. */
const words = (text: string): readonly [string, ...string[]] => {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  return [first, ...rest];
};

const firstNames = words(`
  Ada Aiko Alma Amara Anders Anika Arjun Astrid Bao Beatriz Bilal Camille Carlos Chiara Chloe Daniel Daria
  Dmitri Elena Elif Emeka Emma Esteban Farah Felix Fatima Freya Gabriel Giulia Grace Hana Hassan Henrik
  Hugo Ibrahim Ines Ingrid Isaac Ivana Jamal Jan Jasmine Javier Jia Jonas Julia Kaito Karim Katarzyna
  Kavya Kofi Lars Layla Lea Leila Liam Linh Lucas Lucia Maja Malik Marek Maria Marta Mateo Mei Mila Milan
  Mina Nadia Naomi Nia Niko Nils Noah Nora Olga Oliver Omar Oskar Pablo Petra Priya Quinn Rafael Ravi Rosa
  Ruth Sana Sara Sean Sofia Stefan Svetlana Tariq Theo Thi Tomas Uma Valeria Victor Wei Yara Yusuf Zainab
  Zoe
`);
const lastNames = words(`
  Abbott Adeyemi Ahmed Almeida Andersson Bakker Banerjee Barros Becker Bianchi Bondarenko Brandt Byrne
  Cardoso Castillo Chaudhry Chen Cohen Costa Dahl Das Diallo Dubois Eriksen Espinoza Farouk Fernandez
  Fischer Fontaine Fraser Fujita Garcia Gomez Green Gupta Haddad Hansen Hernandez Hoang Hoffmann Horvat
  Hussain Ito Ivanov Jansen Jensen Johansson Kamara Kapoor Keller Khan Kim Kovac Kowalski Kruger Kumar
  Larsen Laurent Lee Lindqvist Lopez Lovelace Lund Maier Mancini Martin Mbeki Mendes Meyer Moreau Moretti
  Murphy Nakamura Nguyen Nielsen Novak Nowak Obi Okafor Olsen Osei Park Patel Pereira Petrov Popescu Ramos
  Reyes Ricci Romano Rossi Saito Salazar Santos Sato Schmidt Schneider Sharma Silva Singh Sousa Suzuki
  Takahashi Tanaka Torres Tran Vargas Vasquez Virtanen Vogel Wagner Walsh Wang Weber Wilson Yamamoto
  Yilmaz Zhang Zimmermann
`);
const cities = words(`
  Lisbon Berlin Toronto Austin Singapore Nairobi Oslo Pune
`);

const day = 86_400_000;

/** People as of `now`: about one in fourteen has left, one in ten has not signed in for two months or more. */
export const makePeople = (count: number, domain: string, now: Date, dice: Chance): readonly LabPerson[] => {
  const taken = new Map<string, number>();
  const people: LabPerson[] = [];
  const leads = new Map<Department, string>();
  const ago = (days: number) => new Date(now.getTime() - days * day - dice.between(0, day));
  for (let number = 1; number <= count; number++) {
    const firstName = dice.pick(firstNames);
    const lastName = dice.pick(lastNames);
    const plain = `${firstName}.${lastName}`.toLowerCase();
    const times = (taken.get(plain) ?? 0) + 1;
    taken.set(plain, times);
    const handle = times === 1 ? plain : `${plain}${times}`;
    const department = draw(dice);
    const hired = dice.between(20, 3_200);
    const leftAt = dice.happens(0.07) ? ago(Math.min(hired - 10, dice.between(3, 400))) : null;
    const idle = dice.happens(0.1) ? dice.between(61, 400) : dice.between(0, 25);
    const manager = leads.get(department) ?? null;
    if (manager === null) leads.set(department, handle);
    people.push({
      number,
      firstName,
      lastName,
      handle,
      email: `${handle}@${domain}`,
      department,
      title: manager === null ? `Head of ${department}` : dice.pick(titles[department]),
      managerHandle: manager,
      hiredAt: ago(hired),
      leftAt,
      lastSignInAt: dice.happens(0.015)
        ? null
        : leftAt !== null
          ? new Date(leftAt.getTime() - day)
          : ago(Math.min(idle, hired - 1)),
      city: dice.pick(cities),
    });
  }
  return people;
};

const draw = (dice: Chance): Department => {
  let left = dice.between(1, 100);
  for (const department of departments) {
    left -= shares[department];
    if (left <= 0) return department;
  }
  return 'Operations';
};
