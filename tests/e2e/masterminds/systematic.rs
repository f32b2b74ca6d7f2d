//! Questions by rule: every operator before every kind of operand, and these joined.

use super::Question;
use super::differences::ROWS;

const OPERATORS: &[&str] = &["", "=", "!=", ">", ">=", "=>", "<", "<=", "=<", "~", "~>", "^"];

/// Full, partial, wild; around 0, where `~` and `^` change; with pre-releases; as people spell them.
const OPERANDS: &str = "* x X *.* x.x.x 0 0.x 0.x.x 0.0 0.0.x 0.0.0 0.0.1 0.0.3 0.1 0.1.0 0.2.3 1 1.x 1.X 1.*.x v1 1.0 1.0.0 01.0 \
    1.2 1.2.x v1.2.* 1.2.0 1.2.3 v1.2.3 1.02.03 1.10 2 2.x 2.0.0 11 18446744073709551615 18446744073709551616 2.99999999999999999999 \
    0-0 0.0-0 0.0.0-0 0.0-rc.1 0.0.1-rc.1 0.1-alpha 0.1.0-rc.1 1-0 1-rc 1.0-0 1.0.0-0 1.2-0 1.2-rc.1 v1.2-rc.1 1.2.0-0 1.2.0-rc.1 \
    1.2.3-alpha.1 1.2.3-rc.1 2-0 2.0.0-rc.1 1.2.0-9 1.2.0-18446744073709551616 1.2-3 1.2-1.4 1.2.3--";

/// What neither or only one of them takes for a comparator; a `/` between two.
const ODD: &str = "/ /foo/latest/v/V1/x.1/1.x.3/*.1/1.*.1/x.x.1/1.x-0/*-0/1.2.x-rc.1/x-rc.1/>=1.x-0/~1.x-0/^*-0/1.2.3+b/>=1+b/1.2.3-rc+b/\
    1.2.3.4/1.2.x.x/1./.1/1..2/1.2-/1.0.0-01/1.0.0-rc.01/1.0.0-a..b/1x/x1/**/==1/>>1/=!1/><1/~=1/~~1/^>1/!1/>= =1/> =1/! =1/\
    >=/~/1_2/1.2.3 -/- 1/-1/1|2/|1/1.2.3\t/\t1/1\n2/1 \t<2/≥1/1;2/0x1/1e3/+1/>-1";

/// Ranges with hyphens, and comparators joined in unusual ways; a `/` between two.
const JOINED: &str = "1.2 - 1.4/1.2.3 - 1.4.5/1.2.3 - 2/1 - 2.x/1.2  -   1.4/v1 - v2/* - 1.4/x - 2/1 - */1 - x.x/1.x - 2.x/1.2-rc - 1.4-rc/\
    1.2.0-rc - 1.4.0-rc/1-0 - 2/1 - 2-0/0 - 0.2/2 - 1/1.2 -1.4/1.2- 1.4/1.2-1.4/>=1 - 2/1 - >2/^1 - 2/~ 1 - 2/1 - 2 - 3/\
    1 - 2 !=1.2.3/1 - 2, !=1.2.3/1 - 2,!=1.2.3/!=1.2.3, 1 - 2/!=1.2.3 1 - 2/!=1.2.3 , 1 - 2/0.1 - 0.2 || 1.2 - 2/\
    0.1 - 0.2||1.2 - 2/1||2 - 3/1.2||2.0 - 3/1 ||2 - 3/1|| 2 - 3/1 || 2 - 3/>=1||2 - 3/0 - 1||2/0 - 1||2.0/0 - 1.1||2.0.0/\
    0.1 - 1 ||2/0 - 1|| 2/0 - 1.0||>=2/1-0||2 - 3/1||2-0 - 3/>=1 <2/>=1,<2/>=1, <2/>=1 , <2/>=1 ,<2/ >= 1.0  < 2.0 />= 1/\
    ~ 1.2/^  1.2/!=  1.2.3/<\t2/>=1<2/1.2.3 1.2.4/1 1.2 1.2.3/>=1,/,>=1/>=1,,<2/>=1 , , <2/,/||/1||/||1/1 ||/1 || || 2/\
    1 ||| 2/1 | 2/1||2/1|| 2/1 ||2/>=1.2.3, <2 || =>3, <4/<0.1 || >=2.0.0-0/1.x || >=2.0.0-0/>=1.0.0-0 <2.0.0/\
    >=1.0.0 <=2.0.0-rc.1/*, !=1.2.3/* || 1.0.0-0/!=0, !=1/!=1.2-rc.1 || 0-0/~0.0.0 || 1-0/1 foo/1, foo/foo || 1/\
    1.2.3+b || 2/1.x.3 || 2/<1.x || 2/18446744073709551616 || 1/12.3.34 ~1.2.3/12.3.34~ 1.2.3/2.x,   >=1.2.3";

/// Comparators that are joined with each other in every way.
const COMPARATORS: &str = "* 1 1.2.x =1.2.3 !=1.2 !=1 !=1.2.3 >1 >1.2 >1.2.3 >=1.2 >=1.2.0-0 <2 <1.2.0 <=1 <=1.2 <=1.2.3-rc.1 ~1.2 ~0.0.0 \
    ~1-0 ^1.2 ^0.1 ^* ^0-0 =1.2-rc.1 !=1.2-rc.1 >1.2-rc.1 <=1.2-rc.1 <2.0.0-0";

const VERSIONS: &str = "0 0.0 0.0.0 0.0.1 0.0.2 0.0.3 0.0.4 0.1.0 0.1 0.1.9 0.2.0 0.2.3 0.2.9 0.3.0 0.9.9 1 1.0 1.0.0 v1.0.0 v1 1.0.1 1.1.0 \
    1.1.9 1.2 1.2.0 1.2.1 1.2.2 1.2.3 1.02.3 1.2.4 1.3.0 1.4.5 1.5.0 1.9.9 1.10.0 1.11.0 2 2.0.0 2.0.1 2.1.0 3.0.0 3.1.0 4.0.0 11.0.0 12.0.0 \
    2024.01.02 18446744073709551615.0.0 18446744073709551616.0.0 1.0.99999999999999999999 \
    0-0 0.0.0-0 0.0.0-rc.1 0.0.1-rc.1 0.0.1-rc.2 0.0.2-rc.1 0.1.0-rc.1 0.1.1-0 0.2.0-0 0.3.0-rc.1 1-0 1-rc 1.0.0-0 1.0.0-rc.1 1.0.1-rc.1 \
    1.1.0-rc.1 1.2-rc.1 1.2.0-0 1.2.0-9 1.2.0-10 1.2.0-alpha 1.2.0-rc.1 1.2.0-rc.1.1 1.2.0-rc.2 1.2.0-18446744073709551616 \
    1.2.0-18446744073709551617 1.2.1-0 1.2.1-rc.1 1.2.3-alpha.1 1.2.3-rc.1 1.2.3-rc.2 1.2.3-3 1.2.4-rc.1 1.3.0-0 1.3.0-rc.1 1.3.1-rc.1 \
    1.4.0-rc.1 1.5.0-rc.1 2.0.0-0 2.0.0-rc.1 2.0.1-rc.1 2.1.0-rc.1 3.0.0-rc.1 \
    v V1 1. .1 1..2 1.2.3.4 1.2- 1.0.0-01 1.0.0-rc.01 1.0.0-a..b 1.2.3+b 1.2.3-rc.1+b 1.x latest main-4f2 1_2 release-1.2 1.2.3_4";

/// All of them, and the examples of the rows.
pub(super) fn questions() -> Vec<Question> {
    let versions: Vec<String> = VERSIONS.split_whitespace().map(str::to_owned).collect();
    let question = |constraint: String| Question {
        constraint,
        versions: versions.clone(),
    };
    let examples = ROWS.iter().map(|row| Question {
        constraint: row.example.0.to_owned(),
        versions: vec![row.example.1.to_owned()],
    });
    let listed = ODD.split('/').chain(JOINED.split('/')).map(str::to_owned);
    let constraints = single().into_iter().chain(pairs()).chain(listed);
    constraints.map(question).chain(examples).collect()
}

/// Each operator before each operand.
fn single() -> Vec<String> {
    let before = |operand: &str| -> Vec<String> {
        let joined = |operator| format!("{operator}{operand}");
        OPERATORS.iter().map(joined).collect()
    };
    OPERANDS.split_whitespace().flat_map(before).collect()
}

/// Each two comparators, both of which must hold or one of which.
fn pairs() -> Vec<String> {
    let every = || COMPARATORS.split_whitespace();
    let both = |one| every().flat_map(move |other| [format!("{one} {other}"), format!("{one} || {other}")]);
    every().flat_map(both).collect()
}
