//! Bytes that no one would call a register.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(read_cases(&bytes, "a", today()).is_ok_and(|it| it.rows.is_empty()) || read_remedies(&bytes, "a", today()).is_err());
    }

    #[test]
    fn arbitrary_cells_never_panic(cells in prop::collection::vec("[0-9年月日./\\-\",;\n\t（一）不予公开其他自然人]{0,12}", 0..60)) {
        let text = format!("登记号,收到日期,申请人类型,办理结果,答复日期,延期工作日\n{}", cells.join(","));
        let is_sound = match read_cases(text.as_bytes(), "a.csv", today()) {
            Ok(file) => file.rows.iter().all(|it| it.received_on <= today() && !it.case_no.is_empty()),
            // Half a pair of quotation marks; everything else is a problem of a row.
            Err(error) => text.contains('"') && error.to_string().contains("双引号"),
        };
        prop_assert!(is_sound);
    }

    /// A workbook with bytes changed is read, or refused; it never ends the program.
    #[test]
    fn damaged_workbooks_never_panic(
        name in prop::sample::select(&SAMPLES[..3]),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = sample_bytes(name);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let read = read_cases(&bytes, name, today());
        prop_assert!(read.is_ok_and(|it| it.rows.len() <= 7) || read_cases(&bytes, name, today()).is_err());
    }
}
