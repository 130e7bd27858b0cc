//! Closed sets: every code with its official Chinese label, defined once.

/// A closed set of values, each with a code for files and databases and a label for people.
///
/// Implemented by [`coded!`](crate::coded), so that the three lists cannot drift apart.
pub trait Coded: Copy + Eq + Sized + 'static {
    /// What the set is called in messages, for example `applicant kind`.
    const NAME: &'static str;
    /// Every value, in the official order.
    const ALL: &'static [Self];

    /// The stable code: `snake_case`, never translated, never reused.
    fn code(self) -> &'static str;

    /// The official Chinese words.
    fn label(self) -> &'static str;

    /// The value with this code.
    ///
    /// # Errors
    /// [`UnknownCode`] where no value has it: unknown is an error, never a default.
    fn from_code(code: &str) -> Result<Self, UnknownCode> {
        Self::ALL
            .iter()
            .copied()
            .find(|it| it.code() == code)
            .ok_or_else(|| UnknownCode { set: Self::NAME, code: code.to_owned() })
    }
}

/// A code that is not in the set it was read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} is no {set}")]
pub struct UnknownCode {
    /// The name of the set, [`Coded::NAME`].
    pub set: &'static str,
    /// What was found.
    pub code: String,
}

/// A closed set without its type, for whoever walks them all. [`coded!`](crate::coded) registers each set
/// where it declares it, so that no list of them can be incomplete.
#[derive(Debug, Clone, Copy)]
pub struct Set {
    /// [`Coded::NAME`].
    pub name: &'static str,
    /// The path of its type, such as `gongkai::domain::outcome::Outcome`.
    pub path: &'static str,
    /// Every code with its label, in the official order.
    pub values: &'static [(&'static str, &'static str)],
    /// Reads a code as [`Coded::from_code`] does, and gives the code of what was read.
    pub read: fn(&str) -> Result<&'static str, UnknownCode>,
}

inventory::collect!(Set);

impl Set {
    /// Every set of the program, by name.
    pub fn all() -> Vec<&'static Self> {
        let mut all: Vec<_> = inventory::iter::<Self>().collect();
        all.sort_by_key(|it| it.name);
        all
    }
}

/// Declares a closed set: the enum, its codes and labels, [`Coded`], and serde by code. Registers it as a [`Set`].
///
/// ```
/// use gongkai::coded;
/// use gongkai::domain::labels::Coded;
///
/// coded! {
///     /// How a paper is sent.
///     pub enum Post: "post" {
///         /// With a signature of whoever takes it.
///         Signed = "signed", "挂号信";
///         /// Into the letter box.
///         Plain = "plain", "平信";
///     }
/// }
///
/// assert_eq!(Post::from_code("signed"), Ok(Post::Signed));
/// assert_eq!(Post::Plain.label(), "平信");
/// assert!(Post::from_code("pigeon").is_err(), "unknown is an error, never a default");
/// ```
#[macro_export]
macro_rules! coded {
    ($(#[$meta:meta])* $vis:vis enum $name:ident : $set:literal {
        $($(#[$vmeta:meta])* $variant:ident = $code:literal, $label:literal;)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $crate::domain::labels::Coded for $name {
            const NAME: &'static str = $set;
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
            fn code(self) -> &'static str { match self { $(Self::$variant => $code,)+ } }
            fn label(self) -> &'static str { match self { $(Self::$variant => $label,)+ } }
        }

        inventory::submit! {
            $crate::domain::labels::Set {
                name: $set,
                path: concat!(module_path!(), "::", stringify!($name)),
                values: &[$(($code, $label),)+],
                read: |code| {
                    use $crate::domain::labels::Coded;
                    $name::from_code(code).map(Coded::code)
                },
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::domain::labels::Coded::code(*self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                <Self as $crate::domain::labels::Coded>::from_code(&code).map_err(serde::de::Error::custom)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::Set;

    /// Codes are unique and find their value again, in every set there is.
    #[test]
    fn every_set_finds_its_values_by_code() {
        for set in Set::all() {
            for (i, (code, label)) in set.values.iter().enumerate() {
                assert_eq!((set.read)(code).as_ref(), Ok(code), "{}", set.path);
                assert!(set.values[..i].iter().all(|it| it.0 != *code), "{}: {code} twice", set.path);
                assert!(!label.is_empty(), "{}: {code}", set.path);
            }
            assert!((set.read)("no such code").is_err(), "{}", set.path);
        }
    }

    #[test]
    fn every_set_has_a_name_of_its_own() {
        let all = Set::all();
        assert!(all.windows(2).all(|it| it[0].name != it[1].name), "{all:?}");
    }
}
