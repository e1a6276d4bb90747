//! Checks of a company, from a manifest, from a list, or for a first manifest.

use super::classifications::Classifications;
use super::problem::{Place, Report, did_you_mean, quoted};
use super::record::Record;
use super::{Company, fields};

/// Reads a company; what is wrong with it goes to the report, and the field stays blank.
///
/// The second value is where the code stands, if the code is right.
pub(super) fn company(
    record: &Record,
    industry_needed: bool,
    classifications: &Classifications,
    report: &mut Report,
) -> (Company, Option<Place>) {
    let code = fields::code(record, "code", report);
    let name = record.required("name", "write the company's name", report);
    let industry = if industry_needed {
        record.required("industry", "write one of the 36 Nikkei industries", report)
    } else {
        record.text("industry", report)
    };
    let mut company = Company {
        code: code.as_ref().map_or_else(String::new, |(code, _)| code.clone()),
        name: name.map_or_else(String::new, |(name, _)| name),
        industry: String::new(),
        sector: String::new(),
        group: String::new(),
        tse33: tse33(record, classifications, report),
        employees: fields::amount(record, "employees", "people", report),
        capital: fields::amount(record, "capital", "yen", report),
        market_segment: record.text("market_segment", report).map(|(segment, _)| segment),
        aliases: fields::aliases(record, report),
    };
    if let Some((given, place)) = industry {
        classify(&mut company, &given, place, classifications, report);
    }
    (company, code.map(|(_, place)| place))
}

/// Sector and group follow from the industry.
fn classify(
    company: &mut Company,
    given: &str,
    place: Place,
    classifications: &Classifications,
    report: &mut Report,
) {
    let Some(industry) = classifications.industry(given) else {
        let known: Vec<&str> = classifications
            .industries
            .iter()
            .map(|i| i.name.as_str())
            .collect();
        report.error(
            place,
            format!("unknown industry {}", quoted(given)),
            did_you_mean(given, &known),
        );
        return;
    };
    company.industry.clone_from(&industry.name);
    company.sector.clone_from(&industry.sector);
    company.group.clone_from(&industry.group);
}

fn tse33(record: &Record, classifications: &Classifications, report: &mut Report) -> Option<String> {
    let (given, place) = record.text("tse33", report)?;
    let found = classifications.tse33(&given);
    if found.is_none() {
        let known: Vec<&str> = classifications.tse33.iter().map(|i| i.name.as_str()).collect();
        report.error(
            place,
            format!("unknown TSE-33 industry {}", quoted(&given)),
            did_you_mean(&given, &known),
        );
    }
    found.map(|industry| industry.name.clone())
}
