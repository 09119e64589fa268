//! The tables as Diesel sees them, the same on both databases; `db::tests` holds them against the migrations.

diesel::table! {
    installation (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    communities (id) {
        id -> BigInt,
        code -> Text,
        name -> Text,
        timezone -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    settings (community_id, name) {
        community_id -> BigInt,
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    holidays (community_id, day) {
        community_id -> BigInt,
        day -> Date,
        kind -> Text,
        name -> Text,
    }
}

diesel::table! {
    people (id) {
        id -> BigInt,
        community_id -> Nullable<BigInt>,
        name -> Text,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        email_bad_at -> Nullable<Timestamp>,
        id_last4 -> Nullable<Text>,
        language -> Text,
        created_at -> Timestamp,
        anonymised_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    admins (person_id) {
        person_id -> BigInt,
    }
}

diesel::table! {
    role_grants (id) {
        id -> BigInt,
        community_id -> BigInt,
        person_id -> BigInt,
        role -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
    }
}

diesel::table! {
    accounts (id) {
        id -> BigInt,
        person_id -> BigInt,
        password_hash -> Nullable<Text>,
        totp_secret -> Nullable<Text>,
        totp_enrolled_at -> Nullable<Timestamp>,
        totp_last_step -> Nullable<BigInt>,
        disabled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    logins (community_id, name) {
        community_id -> BigInt,
        name -> Text,
        account_id -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    activations (id) {
        id -> BigInt,
        community_id -> BigInt,
        person_id -> BigInt,
        home_id -> Nullable<BigInt>,
        code_hash -> Text,
        made_by -> Nullable<BigInt>,
        made_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        token_hash -> Text,
        account_id -> BigInt,
        kind -> Text,
        second_factor -> Bool,
        agent -> Text,
        created_at -> Timestamp,
        seen_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    throttles (name) {
        name -> Text,
        failures -> Integer,
        last_at -> Timestamp,
        free_at -> Timestamp,
    }
}

diesel::table! {
    audit_lines (chain, seq) {
        chain -> BigInt,
        seq -> BigInt,
        at -> Timestamp,
        actor_id -> Nullable<BigInt>,
        cause -> Text,
        action -> Text,
        subject_kind -> Text,
        subject_id -> BigInt,
        fields -> Text,
        previous -> Text,
        hash -> Text,
    }
}

diesel::table! {
    audit_heads (chain) {
        chain -> BigInt,
        seq -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    counters (community_id, kind, day) {
        community_id -> BigInt,
        kind -> Text,
        day -> Date,
        last -> BigInt,
    }
}

diesel::table! {
    idempotency_keys (actor, route, key) {
        actor -> Text,
        route -> Text,
        key -> Text,
        body_hash -> Text,
        status -> Integer,
        answer -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        key -> Nullable<Text>,
        payload -> Text,
        run_at -> Timestamp,
        state -> Text,
        attempts -> Integer,
        max_attempts -> Integer,
        leased_by -> Nullable<Text>,
        leased_until -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    workers (name) {
        name -> Text,
        started_at -> Timestamp,
        seen_at -> Timestamp,
    }
}

diesel::table! {
    schedules (name, community_id) {
        name -> Text,
        community_id -> BigInt,
        last_tick -> Timestamp,
    }
}

diesel::table! {
    buildings (id) {
        id -> BigInt,
        community_id -> BigInt,
        code -> Text,
        register_order -> BigInt,
        completed_on -> Nullable<Date>,
    }
}

diesel::table! {
    homes (id) {
        id -> BigInt,
        community_id -> BigInt,
        building_id -> BigInt,
        code -> Text,
        entrance -> Text,
        floor -> Integer,
        room -> Text,
        use_kind -> Text,
        area -> BigInt,
        delivered_on -> Nullable<Date>,
        register_order -> BigInt,
        register_status -> Text,
        key_household -> Bool,
        version -> Integer,
    }
}

diesel::table! {
    households (id) {
        id -> BigInt,
        community_id -> BigInt,
        home_id -> BigInt,
        started_on -> Date,
        ended_on -> Nullable<Date>,
    }
}

diesel::table! {
    occupancies (id) {
        id -> BigInt,
        community_id -> BigInt,
        home_id -> BigInt,
        person_id -> BigInt,
        household_id -> Nullable<BigInt>,
        kind -> Text,
        lives_there -> Bool,
        pays -> Bool,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
    }
}

diesel::table! {
    bays (id) {
        id -> BigInt,
        community_id -> BigInt,
        home_id -> BigInt,
        code -> Text,
        kind -> Text,
        position -> Integer,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
    }
}

diesel::table! {
    staff (person_id) {
        person_id -> BigInt,
        community_id -> BigInt,
        number -> Text,
        post -> Text,
        skills -> Text,
        joined_on -> Date,
        left_on -> Nullable<Date>,
    }
}

diesel::table! {
    home_stewards (id) {
        id -> BigInt,
        community_id -> BigInt,
        home_id -> BigInt,
        steward_id -> BigInt,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
    }
}

diesel::table! {
    imports (id) {
        id -> BigInt,
        community_id -> BigInt,
        kind -> Text,
        file_name -> Text,
        actor_id -> Nullable<BigInt>,
        at -> Timestamp,
        outcome -> Text,
        rows_read -> Integer,
        added -> Integer,
        changed -> Integer,
        report -> Text,
    }
}

diesel::table! {
    cases (id) {
        id -> BigInt,
        community_id -> BigInt,
        number -> Nullable<Text>,
        kind -> Text,
        state -> Text,
        home_id -> Nullable<BigInt>,
        place -> Nullable<Text>,
        reporter_id -> Nullable<BigInt>,
        reporter_name -> Nullable<Text>,
        reporter_phone -> Nullable<Text>,
        channel -> Text,
        accountable_id -> Nullable<BigInt>,
        category -> Text,
        urgency -> Text,
        text -> Text,
        submitted_at -> Nullable<Timestamp>,
        respond_by -> Nullable<Timestamp>,
        responded_at -> Nullable<Timestamp>,
        resolve_by -> Nullable<Timestamp>,
        resolved_at -> Nullable<Timestamp>,
        paused_at -> Nullable<Timestamp>,
        finish_number -> Integer,
        round -> Integer,
        merged_into -> Nullable<BigInt>,
        closed_at -> Nullable<Timestamp>,
        version -> Integer,
        created_at -> Timestamp,
    }
}

diesel::table! {
    case_events (id) {
        id -> BigInt,
        community_id -> BigInt,
        case_id -> BigInt,
        at -> Timestamp,
        actor_id -> Nullable<BigInt>,
        action -> Text,
        from_state -> Nullable<Text>,
        to_state -> Text,
        note -> Text,
        visible -> Bool,
    }
}

diesel::table! {
    case_breaches (case_id, clock, round) {
        case_id -> BigInt,
        clock -> Text,
        round -> Integer,
        community_id -> BigInt,
        due_at -> Timestamp,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    case_finishes (case_id, number) {
        case_id -> BigInt,
        number -> Integer,
        community_id -> BigInt,
        at -> Timestamp,
        by_id -> Nullable<BigInt>,
        work -> Text,
        cause -> Text,
        minutes -> Integer,
        exempt -> Nullable<Text>,
    }
}

diesel::table! {
    attachments (id) {
        id -> BigInt,
        community_id -> BigInt,
        uploader_id -> Nullable<BigInt>,
        subject_kind -> Nullable<Text>,
        subject_id -> Nullable<BigInt>,
        purpose -> Text,
        name -> Text,
        content_type -> Text,
        bytes -> BigInt,
        file -> Text,
        thumbnail -> Nullable<Text>,
        visible -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    duties (id) {
        id -> BigInt,
        community_id -> BigInt,
        kind -> Text,
        subject_kind -> Text,
        subject_id -> BigInt,
        occurrence -> Text,
        rule -> Text,
        owner_id -> BigInt,
        not_before -> Timestamp,
        next_at -> Timestamp,
        due_at -> Timestamp,
        state -> Text,
        attempts -> Integer,
        record_kind -> Nullable<Text>,
        record_id -> Nullable<BigInt>,
        missed_at -> Nullable<Timestamp>,
        finished_at -> Nullable<Timestamp>,
        cancel_rule -> Nullable<Text>,
        cancelled_by -> Nullable<BigInt>,
        cancel_reason -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    fee_items (id) {
        id -> BigInt,
        community_id -> BigInt,
        code -> Text,
        name -> Text,
        basis -> Text,
        applies_to -> Text,
        unit -> Text,
        due_day -> Integer,
        register_order -> BigInt,
        periodic -> Bool,
        ends_on -> Nullable<Date>,
        meter -> Nullable<Text>,
        in_place_of -> Nullable<BigInt>,
    }
}

diesel::table! {
    fee_intervals (id) {
        id -> BigInt,
        community_id -> BigInt,
        fee_item_id -> BigInt,
        from_month -> Text,
        months -> Integer,
        timing -> Text,
        made_by -> Nullable<BigInt>,
        made_at -> Timestamp,
    }
}

diesel::table! {
    developer_terms (id) {
        id -> BigInt,
        community_id -> BigInt,
        payer_id -> BigInt,
        from_month -> Text,
        percent -> BigInt,
        basis -> Text,
        made_by -> Nullable<BigInt>,
        made_at -> Timestamp,
    }
}

diesel::table! {
    tariffs (id) {
        id -> BigInt,
        community_id -> BigInt,
        fee_item_id -> BigInt,
        rate -> BigInt,
        starts_on -> Date,
    }
}

diesel::table! {
    tariff_tiers (tariff_id, above) {
        tariff_id -> BigInt,
        above -> BigInt,
        rate -> BigInt,
    }
}

diesel::table! {
    meters (id) {
        id -> BigInt,
        community_id -> BigInt,
        home_id -> BigInt,
        kind -> Text,
        number -> Text,
        multiplier -> BigInt,
        turns_at -> BigInt,
        installed_on -> Date,
        first_reading -> BigInt,
        removed_on -> Nullable<Date>,
    }
}

diesel::table! {
    meter_readings (id) {
        id -> BigInt,
        community_id -> BigInt,
        meter_id -> BigInt,
        period -> Text,
        read_on -> Date,
        value -> BigInt,
        since -> BigInt,
        upto -> BigInt,
        dial -> BigInt,
        source -> Text,
        state -> Text,
        by_id -> Nullable<BigInt>,
        at -> Timestamp,
        instead_of -> Nullable<BigInt>,
    }
}

diesel::table! {
    fee_exceptions (id) {
        id -> BigInt,
        community_id -> BigInt,
        home_id -> BigInt,
        fee_item_id -> BigInt,
        kind -> Text,
        value -> BigInt,
        from_month -> Text,
        to_month -> Nullable<Text>,
        reason -> Text,
        made_by -> Nullable<BigInt>,
        made_at -> Timestamp,
    }
}

diesel::table! {
    month_closings (id) {
        id -> BigInt,
        community_id -> BigInt,
        month -> Text,
        from_at -> Timestamp,
        until_at -> Timestamp,
        closed_by -> Nullable<BigInt>,
        closed_at -> Timestamp,
        last_entry -> BigInt,
    }
}

diesel::table! {
    month_closing_sums (closing_id, book, kind) {
        closing_id -> BigInt,
        book -> Text,
        kind -> Text,
        entries -> BigInt,
        amount_fen -> BigInt,
    }
}

diesel::table! {
    deposits (id) {
        id -> BigInt,
        community_id -> BigInt,
        account_id -> BigInt,
        payment_id -> BigInt,
        purpose -> Text,
        basis -> Text,
        handed_in_by -> Text,
        case_id -> Nullable<BigInt>,
        state -> Text,
        asked_by -> Nullable<BigInt>,
        asked_at -> Nullable<Timestamp>,
        returned_by -> Nullable<BigInt>,
        returned_at -> Nullable<Timestamp>,
        return_method -> Nullable<Text>,
        return_note -> Text,
        version -> Integer,
    }
}

diesel::table! {
    deposit_deductions (id) {
        id -> BigInt,
        community_id -> BigInt,
        deposit_id -> BigInt,
        amount_fen -> BigInt,
        reason -> Text,
        state -> Text,
        proposed_by -> Nullable<BigInt>,
        proposed_at -> Timestamp,
        until_on -> Date,
        objection -> Text,
        objected_by -> Nullable<BigInt>,
        objected_at -> Nullable<Timestamp>,
        answer -> Text,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
        charge_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    late_terms (id) {
        id -> BigInt,
        community_id -> BigInt,
        fee_item_id -> BigInt,
        starts_on -> Date,
        basis -> Text,
        rate -> BigInt,
        grace_days -> Integer,
        cap_percent -> Integer,
        made_by -> Nullable<BigInt>,
        made_at -> Timestamp,
    }
}

diesel::table! {
    late_looks (charge_id) {
        charge_id -> BigInt,
        to_on -> Date,
        looked_at -> Timestamp,
    }
}

diesel::table! {
    late_charges (charge_id) {
        charge_id -> BigInt,
        base_id -> BigInt,
    }
}

diesel::table! {
    billing_runs (id) {
        id -> BigInt,
        community_id -> BigInt,
        period -> Text,
        what -> Text,
        state -> Text,
        actor_id -> Nullable<BigInt>,
        cause -> Text,
        started_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
        homes -> BigInt,
        homes_done -> BigInt,
        last_order -> BigInt,
        charges -> BigInt,
        total_fen -> BigInt,
        left_out -> Text,
    }
}

diesel::table! {
    shared_bills (id) {
        id -> BigInt,
        community_id -> BigInt,
        fee_item_id -> BigInt,
        name -> Text,
        period -> Text,
        total_fen -> BigInt,
        method -> Text,
        applies_to -> Text,
        split_at -> Nullable<Timestamp>,
        homes -> BigInt,
        weights -> BigInt,
        version -> Integer,
        after_charge -> BigInt,
    }
}

diesel::table! {
    shared_take_backs (id) {
        id -> BigInt,
        community_id -> BigInt,
        fee_item_id -> BigInt,
        period -> Text,
        homes -> BigInt,
        amount_fen -> BigInt,
        paid_fen -> BigInt,
        reason -> Text,
        made_by -> Nullable<BigInt>,
        made_at -> Timestamp,
    }
}

diesel::table! {
    given_back (charge_id) {
        charge_id -> BigInt,
        community_id -> BigInt,
        run_id -> BigInt,
        cause -> Text,
        until_on -> Date,
        from_on -> Date,
        last_on -> Nullable<Date>,
        basis -> Text,
        amount_fen -> BigInt,
        due_on -> Date,
        made_id -> Nullable<BigInt>,
        made_at -> Timestamp,
    }
}

diesel::table! {
    home_shares (home_id) {
        home_id -> BigInt,
        community_id -> BigInt,
        share -> BigInt,
    }
}

diesel::table! {
    measured (community_id, period, fee_item_id, home_order, subject) {
        community_id -> BigInt,
        period -> Text,
        fee_item_id -> BigInt,
        home_order -> BigInt,
        subject -> Text,
        home_id -> BigInt,
        quantity -> BigInt,
        amount_fen -> BigInt,
        basis -> Text,
    }
}

diesel::table! {
    ledger_accounts (id) {
        id -> BigInt,
        community_id -> BigInt,
        home_id -> BigInt,
        payer_id -> BigInt,
        book -> Text,
        balance_fen -> BigInt,
    }
}

diesel::table! {
    charges (id) {
        id -> BigInt,
        community_id -> BigInt,
        account_id -> BigInt,
        home_id -> BigInt,
        building_id -> BigInt,
        payer_id -> BigInt,
        fee_item_id -> BigInt,
        subject -> Text,
        period -> Text,
        revision -> Integer,
        from_on -> Date,
        to_on -> Date,
        basis -> Text,
        amount_fen -> BigInt,
        paid_fen -> BigInt,
        waived_fen -> BigInt,
        reversed -> Bool,
        due_on -> Date,
        due_month -> Text,
        made_at -> Timestamp,
        run_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    payments (id) {
        id -> BigInt,
        community_id -> BigInt,
        account_id -> BigInt,
        receipt -> Text,
        amount_fen -> BigInt,
        unallocated_fen -> BigInt,
        refunded_fen -> BigInt,
        method -> Text,
        note -> Text,
        taken_by -> Nullable<BigInt>,
        taken_at -> Timestamp,
        voided_by -> Nullable<BigInt>,
        voided_at -> Nullable<Timestamp>,
        void_reason -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    ledger_entries (id) {
        id -> BigInt,
        community_id -> BigInt,
        account_id -> BigInt,
        kind -> Text,
        amount_fen -> BigInt,
        charge_id -> Nullable<BigInt>,
        payment_id -> Nullable<BigInt>,
        at -> Timestamp,
        actor_id -> Nullable<BigInt>,
        note -> Text,
    }
}

diesel::table! {
    allocations (id) {
        id -> BigInt,
        community_id -> BigInt,
        payment_id -> BigInt,
        charge_id -> BigInt,
        amount_fen -> BigInt,
        at -> Timestamp,
        freed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    collection_summaries (community_id, due_month, building_id, fee_item_id) {
        community_id -> BigInt,
        due_month -> Text,
        building_id -> BigInt,
        fee_item_id -> BigInt,
        charges -> BigInt,
        due_fen -> BigInt,
        collected_fen -> BigInt,
    }
}

diesel::table! {
    open_summaries (community_id, due_on, building_id) {
        community_id -> BigInt,
        due_on -> Date,
        building_id -> BigInt,
        charges -> BigInt,
        open_fen -> BigInt,
    }
}

diesel::table! {
    reminders (id) {
        id -> BigInt,
        community_id -> BigInt,
        account_id -> BigInt,
        period -> Text,
        stage -> Text,
        outcome -> Text,
        owed_fen -> BigInt,
        at -> Timestamp,
        day -> Date,
    }
}

diesel::table! {
    notifications (id) {
        id -> BigInt,
        community_id -> BigInt,
        event -> Text,
        person_id -> BigInt,
        channel -> Text,
        code -> Text,
        args -> Text,
        link -> Nullable<Text>,
        urgency -> Text,
        state -> Text,
        attempts -> Integer,
        last_error -> Nullable<Text>,
        created_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
        read_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    repairs (case_id) {
        case_id -> BigInt,
        community_id -> BigInt,
        technician_id -> Nullable<BigInt>,
        dispatched_at -> Nullable<Timestamp>,
        available -> Text,
        call_part -> Nullable<Text>,
        rating -> Nullable<Integer>,
        rating_word -> Text,
        caused_by_people -> Bool,
        payer -> Nullable<Text>,
        pays_rule -> Nullable<Text>,
    }
}

diesel::table! {
    return_visits (id) {
        id -> BigInt,
        community_id -> BigInt,
        duty_id -> BigInt,
        case_id -> BigInt,
        person_id -> BigInt,
        at -> Timestamp,
        outcome -> Text,
        words -> Text,
        agreed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    saved_filters (id) {
        id -> BigInt,
        community_id -> BigInt,
        person_id -> BigInt,
        name -> Text,
        query -> Text,
        saved_at -> Timestamp,
    }
}

diesel::table! {
    service_checks (id) {
        id -> BigInt,
        community_id -> BigInt,
        duty_id -> BigInt,
        person_id -> BigInt,
        at -> Timestamp,
        late -> BigInt,
        notices -> BigInt,
        visits -> BigInt,
        complaints -> BigInt,
        found -> Text,
        arranged -> Text,
    }
}

diesel::table! {
    community_entries (id) {
        id -> BigInt,
        community_id -> BigInt,
        kind -> Text,
        category -> Text,
        day -> Date,
        amount_fen -> BigInt,
        party -> Text,
        document -> Text,
        note -> Text,
        corrects -> Nullable<BigInt>,
        entered_by -> Nullable<BigInt>,
        at -> Timestamp,
    }
}

diesel::table! {
    publications (id) {
        id -> BigInt,
        community_id -> BigInt,
        first_day -> Date,
        last_day -> Date,
        state -> Text,
        note -> Text,
        drafted_by -> Nullable<BigInt>,
        drafted_at -> Timestamp,
        approved_by -> Nullable<BigInt>,
        approved_at -> Nullable<Timestamp>,
        published_by -> Nullable<BigInt>,
        published_at -> Nullable<Timestamp>,
        told_upto -> BigInt,
    }
}

diesel::table! {
    publication_lines (publication_id, position) {
        publication_id -> BigInt,
        position -> BigInt,
        section -> Text,
        item -> Text,
        name -> Text,
        entries -> BigInt,
        billed_fen -> BigInt,
        amount_fen -> BigInt,
    }
}

diesel::table! {
    visits (id) {
        id -> BigInt,
        community_id -> BigInt,
        steward_id -> BigInt,
        home_id -> BigInt,
        household_id -> BigInt,
        started_at -> Timestamp,
        day -> Date,
        month -> Text,
        spoken_to -> Text,
        topics -> Text,
        said -> Text,
        satisfaction -> Integer,
        follow_up -> Nullable<Text>,
        in_area -> Bool,
        late -> Bool,
        logged_at -> Timestamp,
    }
}

diesel::table! {
    visit_decisions (id) {
        id -> BigInt,
        community_id -> BigInt,
        visit_id -> BigInt,
        decision -> Text,
        reason -> Text,
        by_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    visit_months (id) {
        id -> BigInt,
        community_id -> BigInt,
        steward_id -> BigInt,
        month -> Text,
        own_days -> BigInt,
        month_days -> BigInt,
        households -> BigInt,
        make_up -> BigInt,
        quota -> BigInt,
        counted -> BigInt,
        as_of -> Timestamp,
        closed_at -> Timestamp,
    }
}

diesel::table! {
    visit_corrections (id) {
        id -> BigInt,
        community_id -> BigInt,
        steward_id -> BigInt,
        month -> Text,
        visit_id -> BigInt,
        cause -> Text,
        delta -> BigInt,
        by_id -> Nullable<BigInt>,
        at -> Timestamp,
    }
}

diesel::table! {
    visit_shortfalls (id) {
        id -> BigInt,
        community_id -> BigInt,
        steward_id -> BigInt,
        month -> Text,
        short_by -> BigInt,
        asked_at -> Timestamp,
        reason -> Nullable<Text>,
        reason_at -> Nullable<Timestamp>,
        decision -> Nullable<Text>,
        make_up_month -> Nullable<Text>,
        note -> Text,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
        version -> Integer,
    }
}

diesel::table! {
    visit_plans (community_id, month, steward_id, position) {
        community_id -> BigInt,
        steward_id -> BigInt,
        month -> Text,
        position -> BigInt,
        household_id -> BigInt,
        home_id -> BigInt,
        day -> Date,
        reason -> Text,
    }
}

diesel::table! {
    promises_kept (id) {
        id -> BigInt,
        community_id -> BigInt,
        duty_id -> BigInt,
        by_id -> BigInt,
        note -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    renovations (case_id) {
        case_id -> BigInt,
        community_id -> BigInt,
        permit_number -> Text,
        contractor -> Text,
        contractor_phone -> Nullable<Text>,
        starts_on -> Date,
        ends_on -> Date,
        extended_at -> Nullable<Timestamp>,
        ended_on -> Nullable<Date>,
        registered_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    inspections (id) {
        id -> BigInt,
        community_id -> BigInt,
        case_id -> BigInt,
        duty_id -> Nullable<BigInt>,
        inspector_id -> BigInt,
        made_at -> Timestamp,
        arrived_at -> Timestamp,
        day -> Date,
        progress -> Text,
        workers -> Integer,
        photos -> BigInt,
    }
}

diesel::table! {
    inspection_items (inspection_id, position) {
        inspection_id -> BigInt,
        position -> BigInt,
        item -> Text,
        passed -> Bool,
        note -> Text,
    }
}

diesel::table! {
    violations (id) {
        id -> BigInt,
        community_id -> BigInt,
        case_id -> BigInt,
        item -> Text,
        severity -> Text,
        note -> Text,
        deadline -> Nullable<Date>,
        opened_by -> BigInt,
        mended_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    move_ins (case_id) {
        case_id -> BigInt,
        community_id -> BigInt,
        kind -> Nullable<Text>,
        person_id -> Nullable<BigInt>,
        name -> Text,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        id_last4 -> Nullable<Text>,
        lease_from -> Nullable<Date>,
        lease_to -> Nullable<Date>,
        pays -> Bool,
        wished_on -> Nullable<Date>,
        remarks -> Text,
        returned_at -> Nullable<Timestamp>,
        returns -> Integer,
        approved_at -> Nullable<Timestamp>,
        approved_by -> Nullable<BigInt>,
        handed_over_at -> Nullable<Timestamp>,
        household_id -> Nullable<BigInt>,
        occupancy_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    move_in_handovers (case_id) {
        case_id -> BigInt,
        community_id -> BigInt,
        by_id -> BigInt,
        at -> Timestamp,
        day -> Date,
        identity_seen -> Bool,
        keys_given -> Text,
        started_fees -> Bool,
    }
}

diesel::table! {
    move_in_readings (case_id, meter) {
        case_id -> BigInt,
        meter -> Text,
        reading -> BigInt,
    }
}

diesel::table! {
    move_in_defects (case_id, position) {
        case_id -> BigInt,
        position -> BigInt,
        category -> Text,
        text -> Text,
        repair_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    move_in_agreements (case_id, agreement) {
        case_id -> BigInt,
        agreement -> Text,
        signer_id -> BigInt,
        by_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    one_time_codes (id) {
        id -> BigInt,
        account_id -> BigInt,
        purpose -> Text,
        ask_hash -> Text,
        sealed -> Text,
        tries -> Integer,
        made_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    invitations (id) {
        id -> BigInt,
        community_id -> BigInt,
        home_id -> BigInt,
        person_id -> BigInt,
        invited_by -> BigInt,
        kind -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        made_at -> Timestamp,
        expires_at -> Timestamp,
        accepted_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        occupancy_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    corrections (id) {
        id -> BigInt,
        community_id -> BigInt,
        account_id -> BigInt,
        kind -> Text,
        charge_id -> Nullable<BigInt>,
        payment_id -> Nullable<BigInt>,
        amount_fen -> BigInt,
        reason -> Text,
        asked_by -> Nullable<BigInt>,
        asked_at -> Timestamp,
        state -> Text,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
        answer -> Text,
    }
}

diesel::table! {
    categories (id) {
        id -> BigInt,
        community_id -> BigInt,
        code -> Text,
        kind -> Text,
        zh -> Text,
        en -> Text,
        skill -> Text,
        urgency -> Text,
        part -> Text,
        warranty -> Text,
        price_item -> Text,
        papers -> Text,
        retired -> Bool,
    }
}

diesel::table! {
    price_items (id) {
        id -> BigInt,
        community_id -> BigInt,
        code -> Text,
        kind -> Text,
        zh -> Text,
        en -> Text,
        unit -> Text,
        price_fen -> BigInt,
        stock -> BigInt,
        retired -> Bool,
    }
}

diesel::table! {
    stock_movements (id) {
        id -> BigInt,
        community_id -> BigInt,
        item_id -> BigInt,
        kind -> Text,
        quantity -> BigInt,
        balance -> BigInt,
        at -> Timestamp,
        by_id -> Nullable<BigInt>,
        case_id -> Nullable<BigInt>,
        note -> Text,
    }
}

diesel::table! {
    quotes (id) {
        id -> BigInt,
        community_id -> BigInt,
        case_id -> BigInt,
        number -> Integer,
        rule -> Text,
        total_fen -> BigInt,
        state -> Text,
        made_at -> Timestamp,
        made_by -> Nullable<BigInt>,
        agreed_at -> Nullable<Timestamp>,
        agreed_by -> Nullable<BigInt>,
        signature_id -> Nullable<BigInt>,
        charge_id -> Nullable<BigInt>,
        refused_at -> Nullable<Timestamp>,
        refused_by -> Nullable<BigInt>,
        refusal -> Text,
    }
}

diesel::table! {
    quote_lines (quote_id, position) {
        quote_id -> BigInt,
        position -> Integer,
        item_id -> BigInt,
        zh -> Text,
        en -> Text,
        unit -> Text,
        quantity -> BigInt,
        price_fen -> BigInt,
    }
}

diesel::table! {
    incidents (id) {
        id -> BigInt,
        community_id -> BigInt,
        case_id -> BigInt,
        notice -> Text,
        opened_at -> Timestamp,
        opened_by -> Nullable<BigInt>,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    leaves (id) {
        id -> BigInt,
        community_id -> BigInt,
        person_id -> BigInt,
        kind -> Text,
        starts_on -> Date,
        ends_on -> Date,
        back_on -> Nullable<Date>,
        reason -> Text,
        state -> Text,
        substitute_id -> Nullable<BigInt>,
        asked_by -> BigInt,
        asked_at -> Timestamp,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
        answer -> Text,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    weekly_rests (community_id, person_id, starts_on) {
        community_id -> BigInt,
        person_id -> BigInt,
        starts_on -> Date,
        weekdays -> Integer,
        set_by -> BigInt,
        set_at -> Timestamp,
    }
}

diesel::table! {
    duty_handovers (id) {
        id -> BigInt,
        community_id -> BigInt,
        duty_id -> BigInt,
        from_id -> BigInt,
        to_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    department_heads (community_id, department) {
        community_id -> BigInt,
        department -> Text,
        person_id -> BigInt,
    }
}

diesel::table! {
    complaints (case_id) {
        case_id -> BigInt,
        community_id -> BigInt,
        about_id -> Nullable<BigInt>,
        happened_on -> Nullable<Date>,
        wish -> Text,
        reference -> Nullable<Text>,
        deadline -> Nullable<Timestamp>,
        founded -> Nullable<Bool>,
        verdict -> Text,
        department -> Nullable<Text>,
        responsible_id -> Nullable<BigInt>,
        cause -> Nullable<Text>,
        findings -> Text,
        plan -> Integer,
        chosen -> Nullable<Integer>,
        chosen_by -> Nullable<BigInt>,
        chosen_at -> Nullable<Timestamp>,
        done -> Text,
        said -> Text,
        lesson -> Text,
    }
}

diesel::table! {
    complaint_options (case_id, plan, number) {
        case_id -> BigInt,
        plan -> Integer,
        number -> Integer,
        community_id -> BigInt,
        text -> Text,
        money_fen -> BigInt,
    }
}

diesel::table! {
    rectifications (id) {
        id -> BigInt,
        community_id -> BigInt,
        case_id -> BigInt,
        clock -> Text,
        round -> Integer,
        owed_by -> BigInt,
        issued_at -> Timestamp,
        due_at -> Timestamp,
        answered_at -> Nullable<Timestamp>,
        answered_by -> Nullable<BigInt>,
        reason -> Text,
        measures -> Text,
    }
}

diesel::table! {
    articles (id) {
        id -> BigInt,
        community_id -> BigInt,
        category -> Text,
        state -> Text,
        version -> Integer,
        source_case -> Nullable<BigInt>,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    article_versions (article_id, number) {
        article_id -> BigInt,
        number -> Integer,
        community_id -> BigInt,
        by_id -> Nullable<BigInt>,
        at -> Timestamp,
        title_zh -> Text,
        body_zh -> Text,
        title_en -> Text,
        body_en -> Text,
    }
}

diesel::table! {
    article_terms (community_id, term, article_id) {
        community_id -> BigInt,
        term -> Text,
        article_id -> BigInt,
        weight -> Integer,
    }
}

diesel::table! {
    enquiries (case_id) {
        case_id -> BigInt,
        community_id -> BigInt,
        answer -> Text,
        answered_by -> Nullable<BigInt>,
        article_id -> Nullable<BigInt>,
        helped -> Nullable<Bool>,
    }
}

diesel::table! {
    bank_profiles (id) {
        id -> BigInt,
        community_id -> BigInt,
        name -> Text,
        mapping -> Text,
        version -> Integer,
    }
}

diesel::table! {
    disputes (id) {
        id -> BigInt,
        community_id -> BigInt,
        account_id -> BigInt,
        charge_id -> BigInt,
        reason -> Text,
        noted_by -> Nullable<BigInt>,
        noted_at -> Timestamp,
        outcome -> Nullable<Text>,
        answer -> Text,
        ended_by -> Nullable<BigInt>,
        ended_at -> Nullable<Timestamp>,
        raised_by -> Text,
    }
}

diesel::table! {
    bank_statements (id) {
        id -> BigInt,
        community_id -> BigInt,
        file_name -> Text,
        profile -> Text,
        by_id -> Nullable<BigInt>,
        at -> Timestamp,
        draft -> Nullable<Text>,
    }
}

diesel::table! {
    bank_lines (id) {
        id -> BigInt,
        community_id -> BigInt,
        statement_id -> BigInt,
        line -> Integer,
        day -> Date,
        time -> Text,
        payer -> Text,
        payer_account -> Text,
        amount_fen -> BigInt,
        text -> Text,
        serial -> Text,
        line_key -> Text,
        state -> Text,
        why -> Text,
        suggested -> Text,
        home_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        payment_id -> Nullable<BigInt>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
        note -> Text,
        version -> Integer,
    }
}

diesel::table! {
    pay_orders (id) {
        id -> BigInt,
        community_id -> BigInt,
        home_id -> BigInt,
        account_id -> BigInt,
        number -> Text,
        trade_no -> Text,
        channel -> Text,
        amount_fen -> BigInt,
        state -> Text,
        why -> Text,
        code -> Text,
        asked_by -> Nullable<BigInt>,
        asked_at -> Timestamp,
        expires_at -> Timestamp,
        looks -> Integer,
        look_at -> Timestamp,
        transaction_no -> Text,
        told_fen -> Nullable<BigInt>,
        settled_at -> Nullable<Timestamp>,
        payment_id -> Nullable<BigInt>,
        handled_at -> Nullable<Timestamp>,
        handled_by -> Nullable<BigInt>,
        handled_note -> Text,
    }
}

diesel::table! {
    plans (id) {
        id -> BigInt,
        community_id -> BigInt,
        account_id -> BigInt,
        total_fen -> BigInt,
        agreed_by -> Text,
        agreed_on -> Date,
        note -> Text,
        made_by -> Nullable<BigInt>,
        made_at -> Timestamp,
        state -> Text,
        missed_on -> Nullable<Date>,
        end_reason -> Text,
        ended_by -> Nullable<BigInt>,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    bank_payers (id) {
        id -> BigInt,
        community_id -> BigInt,
        name -> Text,
        home_id -> BigInt,
        by_id -> Nullable<BigInt>,
        at -> Timestamp,
    }
}

diesel::table! {
    plan_charges (plan_id, charge_id) {
        plan_id -> BigInt,
        charge_id -> BigInt,
        open_fen -> BigInt,
    }
}

diesel::table! {
    plan_parts (plan_id, number) {
        plan_id -> BigInt,
        number -> Integer,
        due_on -> Date,
        amount_fen -> BigInt,
    }
}

diesel::table! {
    demand_batches (id) {
        id -> BigInt,
        community_id -> BigInt,
        day -> Date,
        made_by -> Nullable<BigInt>,
        made_at -> Timestamp,
    }
}

diesel::table! {
    demands (id) {
        id -> BigInt,
        community_id -> BigInt,
        batch_id -> BigInt,
        account_id -> BigInt,
        number -> Text,
        day -> Date,
        term_on -> Date,
        language -> Text,
        addressee -> Text,
        body -> Text,
        total_fen -> BigInt,
    }
}

diesel::table! {
    demand_charges (demand_id, charge_id) {
        demand_id -> BigInt,
        charge_id -> BigInt,
        open_fen -> BigInt,
    }
}

diesel::table! {
    demand_proofs (id) {
        id -> BigInt,
        community_id -> BigInt,
        demand_id -> BigInt,
        kind -> Text,
        day -> Date,
        reference -> Text,
        note -> Text,
        recorded_by -> Nullable<BigInt>,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    acknowledgements (id) {
        id -> BigInt,
        community_id -> BigInt,
        account_id -> BigInt,
        day -> Date,
        signed_by -> Text,
        note -> Text,
        recorded_by -> Nullable<BigInt>,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    acknowledgement_charges (acknowledgement_id, charge_id) {
        acknowledgement_id -> BigInt,
        charge_id -> BigInt,
    }
}

diesel::table! {
    letters (community_id, letter) {
        community_id -> BigInt,
        letter -> Text,
        zh -> Text,
        en -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    developer_terms,
    fee_intervals,
    shared_take_backs,
    given_back,
    installation,
    communities,
    settings,
    holidays,
    people,
    admins,
    role_grants,
    accounts,
    logins,
    activations,
    sessions,
    throttles,
    audit_lines,
    audit_heads,
    counters,
    idempotency_keys,
    jobs,
    workers,
    schedules,
    buildings,
    homes,
    households,
    occupancies,
    bays,
    staff,
    home_stewards,
    imports,
    cases,
    case_events,
    case_breaches,
    case_finishes,
    attachments,
    duties,
    fee_items,
    tariffs,
    tariff_tiers,
    meters,
    meter_readings,
    fee_exceptions,
    month_closings,
    month_closing_sums,
    deposits,
    deposit_deductions,
    late_terms,
    late_looks,
    late_charges,
    billing_runs,
    shared_bills,
    home_shares,
    measured,
    ledger_accounts,
    charges,
    payments,
    ledger_entries,
    allocations,
    collection_summaries,
    open_summaries,
    reminders,
    notifications,
    repairs,
    return_visits,
    saved_filters,
    service_checks,
    community_entries,
    publications,
    publication_lines,
    visits,
    visit_decisions,
    visit_months,
    visit_corrections,
    visit_shortfalls,
    visit_plans,
    promises_kept,
    renovations,
    inspections,
    inspection_items,
    violations,
    move_ins,
    move_in_handovers,
    move_in_readings,
    move_in_defects,
    move_in_agreements,
    one_time_codes,
    invitations,
    corrections,
    categories,
    price_items,
    stock_movements,
    quotes,
    quote_lines,
    incidents,
    leaves,
    weekly_rests,
    duty_handovers,
    department_heads,
    complaints,
    complaint_options,
    rectifications,
    articles,
    article_versions,
    article_terms,
    enquiries,
    bank_profiles,
    bank_statements,
    bank_lines,
    bank_payers,
    pay_orders,
    disputes,
    plans,
    plan_charges,
    plan_parts,
    demand_batches,
    demands,
    demand_charges,
    demand_proofs,
    acknowledgements,
    acknowledgement_charges,
    letters,
);
