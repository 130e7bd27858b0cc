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

/// Declares a closed set: the enum, its codes and labels, [`Coded`], and serde by code.
///
/// ```text
/// coded! {
///     /// Doc of the set.
///     pub enum Kind: "kind" {
///         /// Doc of the value.
///         First = "first", "第一";
///     }
/// }
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
pub(crate) mod tests {
    use super::Coded;

    /// Codes are unique, and find their value again.
    #[track_caller]
    pub(crate) fn check_codes<T: Coded + std::fmt::Debug>() {
        for (i, value) in T::ALL.iter().enumerate() {
            assert_eq!(T::from_code(value.code()).as_ref(), Ok(value));
            assert!(T::ALL[..i].iter().all(|it| it.code() != value.code()), "{} twice", value.code());
            assert!(!value.label().is_empty());
        }
        assert!(T::from_code("no such code").is_err());
    }

    #[test]
    fn every_set_finds_its_values_by_code() {
        check_codes::<crate::domain::applicant::ApplicantKind>();
        check_codes::<crate::domain::request::Channel>();
        check_codes::<crate::domain::request::PreferredForm>();
        check_codes::<crate::domain::outcome::Outcome>();
        check_codes::<crate::domain::outcome::Particular>();
        check_codes::<crate::domain::remedy::RemedyKind>();
        check_codes::<crate::domain::remedy::RemedyResult>();
        check_codes::<crate::domain::remedy::Capacity>();
        check_codes::<crate::domain::workflow::Status>();
        check_codes::<crate::domain::workflow::Action>();
        check_codes::<crate::domain::workflow::Role>();
        check_codes::<crate::domain::report::forms::Leaf>();
        check_codes::<crate::domain::attachment::AttachmentKind>();
        check_codes::<crate::domain::attachment::ScanState>();
        check_codes::<crate::domain::file_type::FileType>();
    }
}
